/** Inclusive range of sequence numbers. */
export type Range = [first: number, last: number];

/** Adds one number to sorted, disjoint ranges and merges neighbours. */
export function withNumber(ranges: readonly Range[], seq: number): Range[] {
  const result: Range[] = [];
  let [first, last] = [seq, seq];
  for (const range of ranges) {
    if (range[1] + 1 < first) result.push([...range]);
    else if (last + 1 < range[0]) {
      result.push([first, last]);
      [first, last] = range;
    } else {
      first = Math.min(first, range[0]);
      last = Math.max(last, range[1]);
    }
  }
  result.push([first, last]);
  return result;
}

/** The last number of the unbroken run from 1, or 0. */
export function upTo(ranges: readonly Range[]): number {
  const head = ranges[0];
  return head && head[0] === 1 ? head[1] : 0;
}

/** The holes between 1 and the highest number seen. */
export function missing(ranges: readonly Range[]): Range[] {
  const holes: Range[] = [];
  let next = 1;
  for (const [first, last] of ranges) {
    if (first > next) holes.push([next, first - 1]);
    next = last + 1;
  }
  return holes;
}
