import { constants, type KeyObject, verify } from 'node:crypto';
import { verifyGost } from '../gost/signature.ts';
import { type AlgorithmIdentifier, readAlgorithm } from './algorithm-identifier.ts';
import { earliestTerm, never, type Term, termOfHash, termOfKey } from './algorithm-terms.ts';
import { type DerValue, FormatError, readDer } from './der.ts';
import { Fields, isPairOfIntegers, onlyChild, smallIntegerOf } from './der-fields.ts';
import { objectIdentifier, sequence, unsigned } from './der-writer.ts';
import { digestOf, findHash, termOfDigest } from './digests.ts';
import { findGostKey, oldGostOids } from './gost-keys.ts';
import { findKey, findProfile } from './profiles.ts';

/** How one signature value is checked against one key. */
export interface Verifier {
  /** Such as `ecdsa-p256-sha256`, `rsa-pss-sha512`. */
  name: string;
  /** Until when hash and key together were good enough to prove anything. */
  goodUntil: Term;
  verify(signed: Uint8Array, value: Uint8Array): boolean;
}

const rsaEncryption = '1.2.840.113549.1.1.1';
const ecPublicKey = '1.2.840.10045.2.1';
const rsaPss = '1.2.840.113549.1.1.10';
const mgf1 = '1.2.840.113549.1.1.8';
const sha1 = '1.3.14.3.2.26';

/** Families whose identifier names the hash as well; null where the digest is named beside it. */
const families: Readonly<Record<string, { family: 'rsa' | 'ecdsa' | 'dsa'; hash: string | null }>> = {
  [rsaEncryption]: { family: 'rsa', hash: null },
  '1.2.840.113549.1.1.4': { family: 'rsa', hash: 'md5' },
  '1.2.840.113549.1.1.5': { family: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.14': { family: 'rsa', hash: 'sha224' },
  '1.2.840.113549.1.1.11': { family: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { family: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { family: 'rsa', hash: 'sha512' },
  '1.2.840.113549.1.1.16': { family: 'rsa', hash: 'sha512-256' },
  '2.16.840.1.101.3.4.3.14': { family: 'rsa', hash: 'sha3-256' },
  '2.16.840.1.101.3.4.3.15': { family: 'rsa', hash: 'sha3-384' },
  '2.16.840.1.101.3.4.3.16': { family: 'rsa', hash: 'sha3-512' },
  // Some producers write the key's own identifier here.
  [ecPublicKey]: { family: 'ecdsa', hash: null },
  '1.2.840.10045.4.1': { family: 'ecdsa', hash: 'sha1' },
  '1.2.840.10045.4.3.1': { family: 'ecdsa', hash: 'sha224' },
  '1.2.840.10045.4.3.2': { family: 'ecdsa', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { family: 'ecdsa', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { family: 'ecdsa', hash: 'sha512' },
  '2.16.840.1.101.3.4.3.10': { family: 'ecdsa', hash: 'sha3-256' },
  '2.16.840.1.101.3.4.3.11': { family: 'ecdsa', hash: 'sha3-384' },
  '2.16.840.1.101.3.4.3.12': { family: 'ecdsa', hash: 'sha3-512' },
  '1.2.840.10040.4.1': { family: 'dsa', hash: null },
  '1.2.840.10040.4.3': { family: 'dsa', hash: 'sha1' },
  '2.16.840.1.101.3.4.3.2': { family: 'dsa', hash: 'sha256' },
};
/** ECDSA whose value is r‖s of equal length (BSI TR-03111 section 5.2.1.1), by the hash. */
const plainEcdsa: Readonly<Record<string, string>> = {
  '0.4.0.127.0.7.1.1.4.1.1': 'sha1',
  '0.4.0.127.0.7.1.1.4.1.2': 'sha224',
  '0.4.0.127.0.7.1.1.4.1.3': 'sha256',
  '0.4.0.127.0.7.1.1.4.1.4': 'sha384',
  '0.4.0.127.0.7.1.1.4.1.5': 'sha512',
};
const edwards: Readonly<Record<string, 'ed25519' | 'ed448'>> = {
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
};
const curves: Readonly<Record<string, string>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
  secp224r1: 'p224',
  prime192v1: 'p192',
};

/**
 * The verifier for a signature algorithm and a key, or undefined when one of them is not known here.
 * `digestOid` is the digest named beside it in CMS; null where there is none, as in certificates.
 * @throws FormatError when the identifiers contradict each other (RFC 5754, RFC 4056 section 3)
 */
export function findVerifier(
  algorithm: AlgorithmIdentifier,
  digestOid: string | null,
  spki: Uint8Array,
): Verifier | undefined {
  const edwardsName = edwards[algorithm.oid];
  if (edwardsName) {
    if (algorithm.parameters) throw new FormatError('unexpected parameters');
    const key = findKey(spki);
    return key && byEdwards(edwardsName, key);
  }
  if (algorithm.oid === rsaPss) return byPss(algorithm.parameters, digestOid, spki);
  const plainHash = plainEcdsa[algorithm.oid];
  const row = plainHash ? ({ family: 'ecdsa', hash: plainHash } as const) : families[algorithm.oid];
  if (!row) return byOldGost(algorithm.oid, digestOid, spki) ?? byProfile(algorithm.oid, digestOid, spki);
  // Only the key's own identifier has parameters: its curve.
  if (algorithm.parameters && algorithm.oid !== ecPublicKey) throw new FormatError('unexpected parameters');
  const hash = row.hash ?? (digestOid === null ? undefined : findHash(digestOid)?.name);
  if (!hash) return undefined;
  if (digestOid !== null && findHash(digestOid)?.name !== hash)
    throw new FormatError('digest algorithms differ');
  const key = findKey(spki);
  const verifier = key && byFamily(row.family, hash, key);
  if (!verifier || !plainHash) return verifier;
  return { ...verifier, verify: (signed, value) => verifier.verify(signed, pairOf(value)) };
}

/** The two numbers of a plain value as DER writes them. */
export function pairOf(value: Uint8Array): Uint8Array {
  const half = value.length >> 1;
  return sequence(unsigned(value.subarray(0, half)), unsigned(value.subarray(half)));
}

function byFamily(family: 'rsa' | 'ecdsa' | 'dsa', hash: string, key: KeyObject): Verifier {
  const details = key.asymmetricKeyDetails;
  if (family === 'ecdsa') {
    const curve = details?.namedCurve ?? 'unknown';
    return {
      name: `ecdsa-${curves[curve] ?? curve}-${hash}`,
      goodUntil: earliestTerm(termOfHash(hash), termOfKey(family, bitsOfCurve(curve))),
      verify: (signed, value) =>
        key.asymmetricKeyType === 'ec' && isPairOfIntegers(value) && check(hash, signed, key, value),
    };
  }
  return {
    name: family === 'rsa' ? `rsa-pkcs1-${hash}` : `dsa-${hash}`,
    goodUntil: earliestTerm(termOfHash(hash), termOfKey(family, details?.modulusLength)),
    verify: (signed, value) =>
      key.asymmetricKeyType === family && isOwnLength(family, key, value) && check(hash, signed, key, value),
  };
}

/** Curves are named by their size; one without name is the key's own (RFC 5480 section 2.1.1 forbids that). */
function bitsOfCurve(name: string): number | undefined {
  const [bits] = /\d{3}/.exec(name) ?? [];
  return bits === undefined ? undefined : Number(bits);
}

/** RFC 8017 section 8.2.2: a value of another length than the modulus is none. */
function isOwnLength(family: string, key: KeyObject, value: Uint8Array): boolean {
  if (family !== 'rsa') return isPairOfIntegers(value);
  return value.length === Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
}

function byEdwards(name: 'ed25519' | 'ed448', key: KeyObject): Verifier {
  return {
    name,
    goodUntil: null,
    verify: (signed, value) => key.asymmetricKeyType === name && check(null, signed, key, value),
  };
}

/** RSASSA-PSS-params of RFC 4055: everything is SHA-1 and 20 unless said. */
function byPss(
  parameters: DerValue | null,
  digestOid: string | null,
  spki: Uint8Array,
): Verifier | undefined {
  let hashOid = sha1;
  let maskOid = sha1;
  let saltLength = 20;
  if (parameters) {
    const fields = new Fields(parameters);
    const hash = fields.takeIf(0xa0);
    const mask = fields.takeIf(0xa1);
    const salt = fields.takeIf(0xa2);
    const trailer = fields.takeIf(0xa3);
    fields.end();
    if (hash) hashOid = readAlgorithm(onlyChild(hash)).oid;
    if (mask) {
      const generator = readAlgorithm(onlyChild(mask));
      if (generator.oid !== mgf1 || !generator.parameters) return undefined;
      maskOid = readAlgorithm(generator.parameters).oid;
    }
    if (salt) saltLength = smallIntegerOf(onlyChild(salt));
    if (trailer && smallIntegerOf(onlyChild(trailer)) !== 1) throw new FormatError('unknown PSS trailer');
  }
  if (digestOid !== null && digestOid !== hashOid) throw new FormatError('digest algorithms differ');
  const hash = findHash(hashOid)?.name;
  if (!hash) return undefined;
  const key = findKey(maskOid === hashOid || !parameters ? spki : withParameters(spki, parameters));
  if (!key) return undefined;
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  return {
    name: `rsa-pss-${hash}`,
    goodUntil: earliestTerm(termOfHash(hash), termOfKey('rsa', key.asymmetricKeyDetails?.modulusLength)),
    verify: (signed, value) =>
      (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'rsa-pss') &&
      check(hash, signed, { key, ...padding }, value),
  };
}

/** Node masks with the same hash that it signs with, unless the key itself says another one. */
function withParameters(spki: Uint8Array, parameters: DerValue): Uint8Array {
  const key = new Fields(readDer(spki));
  key.take();
  return sequence(sequence(objectIdentifier(rsaPss), parameters.encoded), key.take().encoded);
}

/** GOST R 34.10-2001, which nobody here signs with. */
function byOldGost(signatureOid: string, digestOid: string | null, spki: Uint8Array): Verifier | undefined {
  const isNamed = signatureOid === oldGostOids.key || signatureOid === oldGostOids.signature;
  if (!isNamed || (digestOid !== null && digestOid !== oldGostOids.digest)) return undefined;
  const key = findGostKey(spki, 2001);
  return (
    key && {
      name: 'gost-2001',
      goodUntil: key.curve.forExamples ? never : termOfDigest(oldGostOids.digest),
      verify: (signed, value) =>
        verifyGost(key, digestOf(oldGostOids.digest, signed) ?? new Uint8Array(), value),
    }
  );
}

function byProfile(signatureOid: string, digestOid: string | null, spki: Uint8Array): Verifier | undefined {
  const found = findProfile(digestOid, signatureOid);
  if (!found) return undefined;
  const { algorithm, profile } = found;
  const key = findGostKey(spki);
  if (!key && !findKey(spki)) return undefined;
  // Whoever knows the standard's examples could know such a key: right, perhaps, but it proves nothing.
  if (key?.curve.forExamples)
    return {
      name: algorithm,
      goodUntil: never,
      verify: (signed, value) => verifyGost(key, profile.digest(signed), value),
    };
  return {
    name: algorithm,
    goodUntil: null,
    verify: (signed, value) => profile.verify(spki, signed, value),
  };
}

/** OpenSSL throws where a key may not be used so, for example with other PSS parameters than its own. */
function check(
  hash: string | null,
  signed: Uint8Array,
  key: Parameters<typeof verify>[2],
  value: Uint8Array,
): boolean {
  try {
    return verify(hash, signed, key, value);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
