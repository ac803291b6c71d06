import type { Grey } from './grey.ts';

/** Darker is print, on a page whose paper was made white. */
export const dark = 140;
/** Share of the width at both sides that is not looked at: edges of sheets and shadows of scanners lie there. */
const margin = 0.02;

/** How many pixels of each row of a flattened page are print. */
export function inkRows({ data, width, height }: Grey): Uint32Array {
  const rows = new Uint32Array(height);
  const skip = Math.round(width * margin);
  for (let y = 0; y < height; y++) {
    let count = 0;
    for (let at = y * width + skip, end = (y + 1) * width - skip; at < end; at++)
      if ((data[at] ?? 255) < dark) count++;
    rows[y] = count;
  }
  return rows;
}
