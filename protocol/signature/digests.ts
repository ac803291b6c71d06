import { createHash } from 'node:crypto';
import { createGost94 } from '../gost/digest-94.ts';
import type { Digest } from '../gost/streebog.ts';
import { type Term, termOfHash } from './algorithm-terms.ts';
import { oldGostOids } from './gost-keys.ts';
import { type SignatureProfile, signatureProfiles } from './profiles.ts';

interface HashRow {
  name: string;
  options?: { outputLength: number };
}

/** SHAKE256 with its length beside it, which Ed448 uses with 512 bits (RFC 8419 section 3.1). */
export const shakeOfLength = '2.16.840.1.101.3.4.2.18';

/** Hash functions by object identifier, under the names that Node gives them. */
const hashes: Readonly<Record<string, HashRow>> = {
  '1.2.840.113549.2.5': { name: 'md5' },
  '1.3.14.3.2.26': { name: 'sha1' },
  '2.16.840.1.101.3.4.2.4': { name: 'sha224' },
  '2.16.840.1.101.3.4.2.1': { name: 'sha256' },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384' },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512' },
  '2.16.840.1.101.3.4.2.6': { name: 'sha512-256' },
  '2.16.840.1.101.3.4.2.8': { name: 'sha3-256' },
  '2.16.840.1.101.3.4.2.9': { name: 'sha3-384' },
  '2.16.840.1.101.3.4.2.10': { name: 'sha3-512' },
  [shakeOfLength]: { name: 'shake256', options: { outputLength: 64 } },
  '2.16.840.1.101.3.4.2.12': { name: 'shake256', options: { outputLength: 64 } },
};

export function findHash(oid: string): HashRow | undefined {
  return hashes[oid];
}

/** Until when a digest function was good; null for those that are, and for those of other tables. */
export function termOfDigest(oid: string): Term {
  return termOfHash(oid === oldGostOids.digest ? 'gost94' : (hashes[oid]?.name ?? ''));
}

export function hashOidOf(name: string): string | undefined {
  return Object.keys(hashes).find(oid => hashes[oid]?.name === name);
}

/** Begins a digest, or undefined when nobody here knows the function. */
export function startDigest(oid: string): Digest | undefined {
  const row = hashes[oid];
  if (row) {
    const hash = createHash(row.name, row.options);
    return { update: bytes => void hash.update(bytes), digest: () => hash.digest() };
  }
  if (oid === oldGostOids.digest) return createGost94();
  return Object.values<SignatureProfile>(signatureProfiles)
    .find(each => each.digestOid === oid)
    ?.createDigest();
}

/** The digest of bytes, or undefined when nobody here knows the function. */
export function digestOf(oid: string, bytes: Uint8Array): Uint8Array | undefined {
  const digest = startDigest(oid);
  digest?.update(bytes);
  return digest?.digest();
}
