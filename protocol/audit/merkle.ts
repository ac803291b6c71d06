import { createHash } from 'node:crypto';

/*
 * The Merkle tree of RFC 6962, section 2, with the checks of RFC 9162, section 2.1: a log that only grows can
 * show with a few digests that an entry is in it, and that it held everything that it held before.
 */

/** Digest of the subtree over the leaves `at * 2^level … (at + 1) * 2^level - 1`; level 0 is a leaf. */
export type NodeAt = (level: number, at: number) => Promise<Buffer>;

export const leafHash = (entry: Uint8Array): Buffer =>
  createHash('sha256').update(Buffer.of(0)).update(entry).digest();

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();

/** Root of a log of `size` leaves; of none, the digest of nothing. */
export const rootHash = (size: number, node: NodeAt): Promise<Buffer> => rangeHash(0, size, node);

async function rangeHash(from: number, to: number, node: NodeAt): Promise<Buffer> {
  const size = to - from;
  if (size === 0) return createHash('sha256').digest();
  const left = largestPowerBelow(size);
  if (left * 2 === size || size === 1) return await node(Math.log2(size), from / size);
  return nodeHash(await rangeHash(from, from + left, node), await rangeHash(from + left, to, node));
}

/** The digests beside the way from leaf `index` to the root of a log of `size` leaves, from below. */
export async function inclusionPath(index: number, size: number, node: NodeAt): Promise<Buffer[]> {
  return await pathIn(0, size, index, node);
}

async function pathIn(from: number, to: number, index: number, node: NodeAt): Promise<Buffer[]> {
  if (to - from <= 1) return [];
  const middle = from + largestPowerBelow(to - from);
  return index < middle
    ? [...(await pathIn(from, middle, index, node)), await rangeHash(middle, to, node)]
    : [...(await pathIn(middle, to, index, node)), await rangeHash(from, middle, node)];
}

/** The digests that show that the log of `first` leaves is the beginning of the one of `second`, `0 < first <= second`. */
export async function consistencyPath(first: number, second: number, node: NodeAt): Promise<Buffer[]> {
  return await growthIn(0, second, first, true, node);
}

/** `isKnown`: the subtree is one whose digest the checker has already. */
async function growthIn(
  from: number,
  to: number,
  first: number,
  isKnown: boolean,
  node: NodeAt,
): Promise<Buffer[]> {
  if (first === to) return isKnown ? [] : [await rangeHash(from, to, node)];
  const middle = from + largestPowerBelow(to - from);
  return first <= middle
    ? [...(await growthIn(from, middle, first, isKnown, node)), await rangeHash(middle, to, node)]
    : [...(await growthIn(middle, to, first, false, node)), await rangeHash(from, middle, node)];
}

/** Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2). */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!(index >= 0 && index < size)) return false;
  let [at, last] = [index, size - 1];
  let hash: Buffer = Buffer.from(leaf);
  for (const beside of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(beside, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else hash = nodeHash(hash, beside);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** Whether the log of the second root begins with all of the first one (RFC 9162, 2.1.4.2). */
export function isConsistent(
  first: { size: number; root: Uint8Array },
  second: { size: number; root: Uint8Array },
  path: readonly Uint8Array[],
): boolean {
  if (!(first.size > 0 && first.size <= second.size)) return false;
  if (first.size === second.size) return path.length === 0 && Buffer.from(first.root).equals(second.root);
  const isWhole = Number.isInteger(Math.log2(first.size));
  const [start, ...rest] = isWhole ? [first.root, ...path] : path;
  if (!start) return false;
  let [at, last] = [first.size - 1, second.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [old, now]: [Buffer, Buffer] = [Buffer.from(start), Buffer.from(start)];
  for (const beside of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [old, now] = [nodeHash(beside, old), nodeHash(beside, now)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else now = nodeHash(now, beside);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && old.equals(first.root) && now.equals(second.root);
}

/** Sizes of logs may pass 2^31, so there is no shifting. */
const half = (value: number) => Math.floor(value / 2);

/** The largest power of two that is smaller than a size of two or more; 1 for one. */
function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
