import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { FormatError, readDer } from './der.ts';
import { Fields, unsignedOf } from './der-fields.ts';
import { sequence, unsigned } from './der-writer.ts';

/** Everything that differs between signature algorithms. A new algorithm is a new row. */
export interface SignatureProfile {
  digestOid: string;
  /** First the one that is written, then others that mean the same and are accepted. */
  signatureOids: readonly [string, ...string[]];
  /** Parameters of the signature's AlgorithmIdentifier (RFC 5754 section 3). */
  parameters: 'absent' | 'null';
  digest(bytes: Uint8Array): Uint8Array;
  /** Turns what a token returns into what CMS carries; undefined when it cannot be such a value. */
  fromToken(value: Uint8Array): Uint8Array | undefined;
  /** `publicKey` is SPKI DER. False also for a key of another kind. */
  verify(publicKey: Uint8Array, signed: Uint8Array, value: Uint8Array): boolean;
}

const sha256Oid = '2.16.840.1.101.3.4.2.1';
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export const signatureProfiles = {
  'ecdsa-p256-sha256': {
    digestOid: sha256Oid,
    signatureOids: ['1.2.840.10045.4.3.2'],
    parameters: 'absent',
    digest: sha256,
    // PKCS#11 section 6.3.1 gives r‖s of equal length; RFC 5753 section 7.2 wants SEQUENCE { r, s }.
    fromToken: value =>
      value.length === 64
        ? sequence(unsigned(value.subarray(0, 32)), unsigned(value.subarray(32)))
        : undefined,
    verify: (publicKey, signed, value) => {
      const key = findKey(publicKey);
      if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1' || !isPairOfIntegers(value)) return false;
      return verify('sha256', signed, key, value);
    },
  },
  'rsa-pkcs1-sha256': {
    digestOid: sha256Oid,
    // OpenSSL writes rsaEncryption into CMS, which RFC 3370 section 3.2 allows: the digest is named beside it.
    signatureOids: ['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.1'],
    parameters: 'null',
    digest: sha256,
    fromToken: value => (value.length >= 256 ? value : undefined),
    verify: (publicKey, signed, value) => {
      const key = findKey(publicKey);
      if (key?.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
        return false;
      return verify('sha256', signed, key, value);
    },
  },
} as const satisfies Record<string, SignatureProfile>;

export type SignatureAlgorithm = keyof typeof signatureProfiles;

/** The row for a pair of identifiers in a signature, or undefined when we do not know or trust it. */
export function findProfile(
  digestOid: string,
  signatureOid: string,
): { algorithm: SignatureAlgorithm; profile: SignatureProfile } | undefined {
  for (const [algorithm, profile] of Object.entries<SignatureProfile>(signatureProfiles)) {
    if (profile.digestOid !== digestOid || !profile.signatureOids.includes(signatureOid)) continue;
    return { algorithm: algorithm as SignatureAlgorithm, profile };
  }
  return undefined;
}

/** A public key from SPKI DER; undefined when OpenSSL does not know its kind or the bytes are damaged. */
export function findKey(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function isPairOfIntegers(value: Uint8Array): boolean {
  try {
    const pair = new Fields(readDer(value));
    unsignedOf(pair.take());
    unsignedOf(pair.take());
    pair.end();
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
