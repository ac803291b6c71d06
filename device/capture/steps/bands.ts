import type { Grey } from './grey.ts';
import { dark, inkRows } from './ink-rows.ts';

/** Rows to both sides of the middle of the ink among which the cut is looked for, as a share of the page. */
const reach = 0.12;
/** Clear rows that a cut needs: less is the space between a letter and its accent. */
const clearRows = 5;
/** Pages with less ink than that in each half are read faster whole. */
const leastInk = 6000;
/** Rows around the cut, as a share of the page, that must not show columns: they would be read half by half. */
const columnReach = 0.09;
/** The narrowest space between columns, as a share of the width. */
const gutter = 0.02;

/**
 * Cuts a straightened page in two between lines of print, so that two workers read it at once: at the
 * emptiest place near the middle of its ink. Undefined when no row there is clear of ink, as in a table,
 * or when the print there stands in columns.
 */
export function cutInBands(grey: Grey): [Grey, Grey] | undefined {
  const { data, width, height } = grey;
  const ink = inkRows(grey);
  const total = ink.reduce((sum, each) => sum + each, 0);
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
  if (best === undefined || hasColumns(grey, best.row)) return undefined;
  const { row } = best;
  return [
    { data: data.subarray(0, row * width), width, height: row },
    { data: data.subarray(row * width), width, height: height - row },
  ];
}

/** Whether an empty strip from top to bottom parts the print above and below a row. */
function hasColumns({ data, width, height }: Grey, row: number): boolean {
  const from = Math.max(0, row - Math.round(height * columnReach));
  const to = Math.min(height, row + Math.round(height * columnReach));
  const columns = new Uint32Array(width);
  for (let y = from; y < to; y++)
    for (let x = 0, at = y * width; x < width; x++, at++)
      if ((data[at] ?? 255) < dark) columns[x] = (columns[x] ?? 0) + 1;
  const isPrint = (count: number) => count > 0;
  const left = columns.findIndex(isPrint);
  const right = columns.findLastIndex(isPrint);
  let empty = 0;
  for (let x = left; x < right; x++) {
    empty = columns[x] === 0 ? empty + 1 : 0;
    if (empty > width * gutter) return true;
  }
  return false;
}
