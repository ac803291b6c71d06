import { randomBytes } from 'node:crypto';
import type { Curve } from './curves.ts';
import { fromBigEndian, fromLittleEndian, inverse, modulo, toBigEndian } from './numbers.ts';
import { affineOf, isInfinity, isOnCurve, multiplyBase, multiplyBoth, pointAt } from './points.ts';

/** A verifying key: a point of its curve. */
export interface GostPublicKey {
  curve: Curve;
  x: bigint;
  y: bigint;
}

/** A signing key in software: for tests, simulators and examples; clerks sign with tokens. */
export interface GostPrivateKey {
  curve: Curve;
  d: bigint;
}

/**
 * Judges a signature of GOST R 34.10-2012 (RFC 7091 section 6.2). `digest` is Streebog's, in the order of
 * `createStreebog`, 32 or 64 bytes as the curve; `signature` is s‖r, each big-endian (RFC 9215 section 2).
 */
export function verifyGost(key: GostPublicKey, digest: Uint8Array, signature: Uint8Array): boolean {
  const { curve } = key;
  const { p, q, sizeBytes } = curve;
  if (digest.length !== sizeBytes || signature.length !== 2 * sizeBytes) return false;
  if (!isOnCurve(curve, key.x, key.y)) return false;
  const s = fromBigEndian(signature.subarray(0, sizeBytes));
  const r = fromBigEndian(signature.subarray(sizeBytes));
  if (r === 0n || r >= q || s === 0n || s >= q) return false;
  const v = inverse(digestNumber(curve, digest), q);
  const point = multiplyBoth(curve, (s * v) % q, modulo(-r * v, q), pointAt(key));
  if (isInfinity(point)) return false;
  // x(C) mod q = r without the division: x(C) is one of r, r + q, … below p.
  const zz = (point.z * point.z) % p;
  for (let x = r; x < p; x += q) if ((point.x - x * zz) % p === 0n) return true;
  return false;
}

/**
 * Signs a digest (RFC 7091 section 6.1); gives s‖r. NOT in constant time, since no BigInt is: whoever can
 * measure many signatures learns the key. `randomNumber` gives numbers below q that nobody can foresee.
 */
export function signGost(
  key: GostPrivateKey,
  digest: Uint8Array,
  randomNumber: (below: bigint) => bigint = anyNumber,
): Uint8Array {
  const { curve, d } = key;
  const { q, sizeBytes } = curve;
  if (digest.length !== sizeBytes) throw new TypeError('a digest of another length');
  const e = digestNumber(curve, digest);
  for (;;) {
    const k = randomNumber(q);
    if (k === 0n) continue;
    const r = affineOf(curve, multiplyBase(curve, k)).x % q;
    const s = (r * d + k * e) % q;
    if (r === 0n || s === 0n) continue;
    return Buffer.concat([toBigEndian(s, sizeBytes), toBigEndian(r, sizeBytes)]);
  }
}

export function generateGostKey(curve: Curve): GostPrivateKey {
  for (;;) {
    const d = anyNumber(curve.q);
    if (d > 0n) return { curve, d };
  }
}

export function publicKeyOf({ curve, d }: GostPrivateKey): GostPublicKey {
  return { curve, ...affineOf(curve, multiplyBase(curve, d)) };
}

/** The standard takes the digest from its other end (RFC 9215 section 2), and 1 for a multiple of q. */
function digestNumber({ q }: Curve, digest: Uint8Array): bigint {
  return fromLittleEndian(digest) % q || 1n;
}

/** 64 bits more than needed, so that no remainder is noticeably likelier than another. */
function anyNumber(below: bigint): bigint {
  return fromBigEndian(randomBytes(Math.ceil(below.toString(16).length / 2) + 8)) % below;
}
