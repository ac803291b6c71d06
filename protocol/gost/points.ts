import type { Curve } from './curves.ts';
import { inverse, modulo } from './numbers.ts';

/** A point in Jacobian coordinates: x = X/Z², y = Y/Z³. Each may be negative, above -p. Z = 0 is infinity. */
export interface Point {
  x: bigint;
  y: bigint;
  z: bigint;
}

const infinity: Point = { x: 1n, y: 1n, z: 0n };

export const isInfinity = (point: Point): boolean => point.z === 0n;

export const pointAt = ({ x, y }: { x: bigint; y: bigint }): Point => ({ x, y, z: 1n });

export function isOnCurve({ p, a, b }: Curve, x: bigint, y: bigint): boolean {
  return x >= 0n && x < p && y >= 0n && y < p && (y * y - ((x * x + a) * x + b)) % p === 0n;
}

/** The coordinates of a point that is not infinity. */
export function affineOf({ p }: Curve, { x, y, z }: Point): { x: bigint; y: bigint } {
  const inverted = inverse(z, p);
  const square = (inverted * inverted) % p;
  return { x: modulo(x * square, p), y: modulo(y * ((square * inverted) % p), p) };
}

function double(curve: Curve, { x, y, z }: Point): Point {
  const { p, a } = curve;
  const yy = (y * y) % p;
  const zz = (z * z) % p;
  const s = (4n * x * yy) % p;
  const m = a === -3n ? (3n * (x - zz) * (x + zz)) % p : (3n * x * x + a * ((zz * zz) % p)) % p;
  const doubled = (m * m - 2n * s) % p;
  return { x: doubled, y: (m * (s - doubled) - 8n * yy * yy) % p, z: (2n * y * z) % p };
}

export function add(curve: Curve, one: Point, other: Point): Point {
  if (isInfinity(one)) return other;
  if (isInfinity(other)) return one;
  const { p } = curve;
  // Tables of the base point have Z = 1, which saves a third of the work.
  const other1 = other.z === 1n;
  const zz1 = (one.z * one.z) % p;
  const zz2 = other1 ? 1n : (other.z * other.z) % p;
  const u1 = other1 ? one.x : (one.x * zz2) % p;
  const s1 = other1 ? one.y : (one.y * ((zz2 * other.z) % p)) % p;
  const h = (other.x * zz1 - u1) % p;
  const r = (other.y * ((zz1 * one.z) % p) - s1) % p;
  if (h === 0n) return r === 0n ? double(curve, one) : infinity;
  const hh = (h * h) % p;
  const hhh = (hh * h) % p;
  const v = (u1 * hh) % p;
  const x = (r * r - hhh - 2n * v) % p;
  const zz = other1 ? one.z : (one.z * other.z) % p;
  return { x, y: (r * (v - x) - s1 * hhh) % p, z: (zz * h) % p };
}

/** How wide the digits of a factor are: wider ones want more multiples of the point beforehand. */
const widths = { base: 8, key: 5 } as const;

const baseTables = new Map<Curve, Point[]>();

/** factor·G. Takes a different time for different factors. */
export function multiplyBase(curve: Curve, factor: bigint): Point {
  return sumOfProducts(curve, [{ digits: digitsOf(factor, widths.base), table: baseTable(curve) }]);
}

/** base·G + key·Q, in one pass (Shamir's trick) over signed digits (wNAF). The factors must not be negative. */
export function multiplyBoth(curve: Curve, base: bigint, key: bigint, point: Point): Point {
  return sumOfProducts(curve, [
    { digits: digitsOf(base, widths.base), table: baseTable(curve) },
    { digits: digitsOf(key, widths.key), table: oddMultiples(curve, point, widths.key) },
  ]);
}

function sumOfProducts(curve: Curve, terms: { digits: number[]; table: Point[] }[]): Point {
  let sum = infinity;
  for (let place = Math.max(...terms.map(({ digits }) => digits.length)) - 1; place >= 0; place--) {
    if (!isInfinity(sum)) sum = double(curve, sum);
    for (const { digits, table } of terms) {
      const digit = digits[place] ?? 0;
      if (digit === 0) continue;
      const multiple = table[Math.abs(digit) >> 1] ?? infinity;
      sum = add(curve, sum, digit > 0 ? multiple : { ...multiple, y: -multiple.y });
    }
  }
  return sum;
}

/** Signed odd digits, the lowest first: of `width` neighbours at most one is not 0. */
function digitsOf(factor: bigint, width: number): number[] {
  const bits = Array.from(factor.toString(2), Number).reverse();
  const digits: number[] = [];
  let carry = 0;
  while (digits.length < bits.length || carry > 0) {
    const place = digits.length;
    const bit = (bits[place] ?? 0) + carry;
    if (bit % 2 === 0) {
      digits.push(0);
      carry = bit / 2;
      continue;
    }
    const window = bits.slice(place, place + width).reduceRight((sum, next) => sum * 2 + next, 0) + carry;
    carry = window >= 2 ** (width - 1) ? 1 : 0;
    digits.push(window - carry * 2 ** width, ...Array<number>(width - 1).fill(0));
  }
  return digits;
}

function baseTable(curve: Curve): Point[] {
  const known = baseTables.get(curve);
  if (known) return known;
  const table = oddMultiples(curve, pointAt(curve), widths.base).map(point =>
    pointAt(affineOf(curve, point)),
  );
  baseTables.set(curve, table);
  return table;
}

/** 1·P, 3·P, 5·P … for digits of that width. */
function oddMultiples(curve: Curve, point: Point, width: number): Point[] {
  const twice = double(curve, point);
  const multiples = [point];
  for (let count = 1; count < 2 ** (width - 2); count++) {
    multiples.push(add(curve, multiples.at(-1) ?? infinity, twice));
  }
  return multiples;
}
