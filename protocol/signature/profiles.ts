import {
  constants,
  createHash,
  createPublicKey,
  KeyObject,
  sign,
  type VerifyKeyObjectInput,
  verify,
} from 'node:crypto';
import { type GostPrivateKey, signGost, verifyGost } from '../gost/signature.ts';
import { createStreebog, type Digest, streebog } from '../gost/streebog.ts';
import { isPairOfIntegers } from './der-fields.ts';
import { contextTag, nullValue, objectIdentifier, sequence, unsigned } from './der-writer.ts';
import { findGostKey, gostOids } from './gost-keys.ts';
import { oids } from './oids.ts';

/** A signing key outside of tokens: a box's own, an agency's simulator, a test. */
export type SoftwareKey = KeyObject | GostPrivateKey;

/** Everything that differs between signature algorithms. A new algorithm is a new row. */
export interface SignatureProfile {
  digestOid: string;
  /** First the one that is written, then others that mean the same and are accepted. */
  signatureOids: readonly [string, ...string[]];
  /** Parameters of the signature's AlgorithmIdentifier in DER (RFC 5754 section 3), or null for none. */
  parameters: Uint8Array | null;
  /** Begins a digest that is fed piece by piece. */
  createDigest(): Digest;
  /** The digest of bytes that are at hand. */
  digest(bytes: Uint8Array): Uint8Array;
  /** Turns what a token returns into what CMS carries; undefined when it cannot be such a value. */
  fromToken(value: Uint8Array): Uint8Array | undefined;
  /** What a token would return for these bytes. @throws TypeError when the key is of another kind */
  sign(key: SoftwareKey, bytes: Uint8Array): Uint8Array;
  /** `publicKey` is SPKI DER. False also for a key of another kind. */
  verify(publicKey: Uint8Array, signed: Uint8Array, value: Uint8Array): boolean;
}

export const signatureProfiles = {
  'gost-2012-256': gost(256),
  'gost-2012-512': gost(512),
  'ecdsa-p256-sha256': ecdsa({
    curve: 'prime256v1',
    coordinateBytes: 32,
    hash: 'sha256',
    oid: '1.2.840.10045.4.3.2',
  }),
  'ecdsa-p384-sha384': ecdsa({
    curve: 'secp384r1',
    coordinateBytes: 48,
    hash: 'sha384',
    oid: '1.2.840.10045.4.3.3',
  }),
  'rsa-pkcs1-sha256': rsa(
    // OpenSSL writes rsaEncryption into CMS, which RFC 3370 section 3.2 allows: the digest is named beside it.
    ['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.1'],
    nullValue,
    { padding: constants.RSA_PKCS1_PADDING },
  ),
  'rsa-pss-sha256': rsa(['1.2.840.113549.1.1.10'], pssParameters(), {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
  }),
} as const satisfies Record<string, SignatureProfile>;

export type SignatureAlgorithm = keyof typeof signatureProfiles;

/**
 * The row for a pair of identifiers in a signature, or undefined when we do not know or trust it. In a
 * certificate no digest stands beside the signature's identifier: there `digestOid` is null.
 */
export function findProfile(
  digestOid: string | null,
  signatureOid: string,
): { algorithm: SignatureAlgorithm; profile: SignatureProfile } | undefined {
  for (const [algorithm, profile] of Object.entries<SignatureProfile>(signatureProfiles)) {
    if (digestOid !== null && profile.digestOid !== digestOid) continue;
    if (profile.signatureOids.includes(signatureOid))
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

/** GOST R 34.10-2012 over Streebog. */
function gost(bits: 256 | 512): SignatureProfile {
  const { digest: digestOid, key, signature } = gostOids[bits];
  const digest = (bytes: Uint8Array) => streebog(bits, bytes);
  return {
    digestOid,
    // CMS names the key's algorithm (RFC 4490 section 3), certificates and some programs the pair with the digest.
    signatureOids: [key, signature],
    parameters: null,
    createDigest: () => createStreebog(bits),
    digest,
    // PKCS#11 gives s‖r, each big-endian, which is what RFC 4490 section 3.2 puts into CMS.
    fromToken: value => (value.length === bits / 4 ? value : undefined),
    sign: (key, bytes) => {
      if (key instanceof KeyObject) throw new TypeError('not a key of GOST R 34.10-2012');
      return signGost(key, digest(bytes));
    },
    verify: (publicKey, signed, value) => {
      const key = findGostKey(publicKey);
      // Whoever knows the standard's examples could know such a key.
      if (!key || key.curve.forExamples) return false;
      return verifyGost(key, digest(signed), value);
    },
  };
}

function ecdsa(wish: {
  curve: string;
  coordinateBytes: number;
  hash: 'sha256' | 'sha384';
  oid: string;
}): SignatureProfile {
  return {
    digestOid: oids[wish.hash],
    signatureOids: [wish.oid],
    parameters: null,
    ...nodeDigest(wish.hash),
    // PKCS#11 section 6.3.1 gives r‖s of equal length; RFC 5753 section 7.2 wants SEQUENCE { r, s }.
    fromToken: value =>
      value.length === wish.coordinateBytes * 2
        ? sequence(
            unsigned(value.subarray(0, wish.coordinateBytes)),
            unsigned(value.subarray(wish.coordinateBytes)),
          )
        : undefined,
    sign: (key, bytes) => sign(wish.hash, bytes, { key: ofNode(key), dsaEncoding: 'ieee-p1363' }),
    verify: (publicKey, signed, value) => {
      const key = findKey(publicKey);
      if (key?.asymmetricKeyDetails?.namedCurve !== wish.curve || !isPairOfIntegers(value)) return false;
      return verify(wish.hash, signed, key, value);
    },
  };
}

/** RSA of 2048 bits and more with SHA-256. */
function rsa(
  signatureOids: SignatureProfile['signatureOids'],
  parameters: Uint8Array,
  padding: Pick<VerifyKeyObjectInput, 'padding' | 'saltLength'>,
): SignatureProfile {
  return {
    digestOid: oids.sha256,
    signatureOids,
    parameters,
    ...nodeDigest('sha256'),
    fromToken: value => (value.length >= 256 ? value : undefined),
    sign: (key, bytes) => sign('sha256', bytes, { key: ofNode(key), ...padding }),
    verify: (publicKey, signed, value) => {
      const key = findKey(publicKey);
      if (key?.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
        return false;
      return verify('sha256', signed, { key, ...padding }, value);
    },
  };
}

/** RSASSA-PSS-params of RFC 4055 section 3.1: SHA-256 for both, a salt as long as the digest. */
function pssParameters(): Uint8Array {
  const sha256 = sequence(objectIdentifier(oids.sha256));
  const mask = sequence(objectIdentifier('1.2.840.113549.1.1.8'), sha256);
  return sequence(contextTag(0, sha256), contextTag(1, mask), contextTag(2, unsigned(Uint8Array.of(32))));
}

function nodeDigest(name: 'sha256' | 'sha384'): Pick<SignatureProfile, 'createDigest' | 'digest'> {
  return {
    createDigest: () => {
      const hash = createHash(name);
      return { update: bytes => void hash.update(bytes), digest: () => hash.digest() };
    },
    digest: bytes => createHash(name).update(bytes).digest(),
  };
}

function ofNode(key: SoftwareKey): KeyObject {
  if (key instanceof KeyObject) return key;
  throw new TypeError('a key of another algorithm');
}
