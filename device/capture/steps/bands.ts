import type { Grey } from './grey.ts';

const dark = 140;
/** Rows to both sides of the middle of the ink among which the cut is looked for, as a share of the page. */
const reach = 0.12;
/** Clear rows that a cut needs: less is the space between a letter and its accent. */
const clearRows = 5;
/** Pages with less ink than that in each half are read faster whole. */
const leastInk = 6000;

/**
 * Cuts a straightened page in two between lines of print, so that two workers read it at once: at the
 * emptiest place near the middle of its ink. Undefined when no row there is clear of ink, as in a table.
 */
export function cutInBands(grey: Grey): [Grey, Grey] | undefined {
  const { data, width, height } = grey;
  const ink = new Uint32Array(height);
  let total = 0;
  for (let y = 0; y < height; y++) {
    let count = 0;
    for (let at = y * width, end = at + width; at < end; at++) if ((data[at] ?? 255) < dark) count++;
    ink[y] = count;
    total += count;
  }
  if (total < 2 * leastInk) return undefined;
  let middle = 0;
  for (let seen = 0; middle < height && seen < total / 2; middle++) seen += ink[middle] ?? 0;
  const span = Math.round(height * reach);
  let best: { row: number; cost: number } | undefined;
  for (
    let row = Math.max(clearRows, middle - span);
    row < Math.min(height - clearRows, middle + span);
    row++
  ) {
    let clear = 0;
    while (clear < 40 && ink[row + clear] === 0 && ink[row - clear] === 0) clear++;
    if (clear < clearRows) continue;
    // A wide gap is the end of a paragraph; a cut far from the middle leaves one worker idle.
    const cost = Math.abs(row - middle) - 3 * clear;
    if (best === undefined || cost < best.cost) best = { row, cost };
  }
  if (best === undefined) return undefined;
  const { row } = best;
  return [
    { data: data.subarray(0, row * width), width, height: row },
    { data: data.subarray(row * width), width, height: height - row },
  ];
}
