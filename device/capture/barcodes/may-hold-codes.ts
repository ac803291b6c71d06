import { type Grey, shrinkGrey } from '../steps/grey.ts';

/** Dots that become one cell; at 200 dots per inch a cell is half a millimetre. */
const cellDots = 4;
/** Cells on a side of the square that is looked at: 4 mm, less than the smallest code in use. */
const squareCells = 8;
/** Share of ink that every row of such a square has. Measured: a faint copy of a small QR code 0.24, letters mostly below 0.2. */
const leastInk = 0.22;
/** Half a square is far enough from one look to the next. */
const strideCells = 2;

/**
 * Whether a search for barcodes can find anything: they have ink in every row of some square of 4 mm, while
 * print has paper between its lines. Costs a seventh of the search; large headlines and photographs pass too.
 */
export function mayHoldCodes(grey: Grey): boolean {
  const { data, width, height } = shrinkGrey(grey, cellDots);
  const least = leastInk * 255 * squareCells;
  /** How many rows in a row, down to this one, have enough ink to the left of a column. */
  const depth = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    let ink = 0;
    for (let x = 0; x < width; x++) {
      ink += 255 - (data[y * width + x] ?? 255);
      if (x >= squareCells) ink -= 255 - (data[y * width + x - squareCells] ?? 255);
      if (x % strideCells !== 0) continue;
      const rows = ink < least ? 0 : (depth[x] ?? 0) + 1;
      if (rows >= squareCells) return true;
      depth[x] = rows;
    }
  }
  return false;
}
