import { futures } from './draws.ts';

/** A distribution cut into `futures` equal slices: the mean of each, ascending. Their mean is the distribution's own. */
export type Sliced = Float64Array;

export interface Weighted {
  value: number;
  weight: number;
}

/** Slices of a weighted sample. At least one weight must be above 0. */
export function slice(sample: readonly Weighted[]): Sliced {
  const sorted = sample.toSorted((a, b) => a.value - b.value);
  const width = sorted.reduce((sum, { weight }) => sum + weight, 0) / futures;
  const slices = new Float64Array(futures);
  let filled = 0;
  let index = 0;
  for (const { value, weight } of sorted) {
    let left = weight;
    while (left > 0 && index < futures) {
      // The last slice takes what rounding left over.
      const part = index === futures - 1 ? left : Math.min(left, width - filled);
      slices[index] = (slices[index] ?? 0) + (value * part) / width;
      left -= part;
      filled += part;
      if (index === futures - 1 || width - filled > 1e-12 * width) continue;
      filled = 0;
      index++;
    }
  }
  return slices;
}

/** Slices of the exponential distribution with mean 1: what a memoryless thing still has before it. */
export const exponentialSlices: Sliced = Float64Array.from({ length: futures }, (_, index) => {
  // Mean of −ln(1−u) over the slice; x·ln x goes to 0 with x.
  const part = (x: number) => (x > 0 ? x * Math.log(x) - x : 0);
  const [from, to] = [1 - index / futures, 1 - (index + 1) / futures];
  return -futures * (part(from) - part(to));
});

/** Value below which a share of the sorted values lies, between neighbours by a straight line. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = Math.min(Math.max(share * sorted.length - 0.5, 0), sorted.length - 1);
  const low = Math.floor(at);
  const from = sorted[low] ?? 0;
  return from + ((sorted[low + 1] ?? from) - from) * (at - low);
}
