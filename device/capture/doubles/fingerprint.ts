import { type Grey, shrinkGrey } from '../steps/grey.ts';

/** Squares of the page on a side, and waves kept of them in each direction: what a look from afar tells. */
const squares = 32;
const waves = 16;
/** Cells that are first made of the page, at least: shrinking by whole steps must not favour an edge. */
const cells = 256;

const cosines = Array.from({ length: waves }, (_, wave) =>
  Array.from({ length: squares }, (_, at) => Math.cos(((2 * at + 1) * wave * Math.PI) / (2 * squares))),
);

/**
 * What a straightened page looks like from afar, as 64 hexadecimal digits: for each of 256 waves across it
 * (discrete cosine transform of 32 by 32 squares) whether it is stronger than most. Another scan of the sheet
 * differs in few of the bits; noise, brightness and a small shift hardly matter.
 */
export function fingerprintOf(grey: Grey): string {
  const field = inSquares(
    shrinkGrey(grey, Math.max(1, Math.floor(Math.min(grey.width, grey.height) / cells))),
  );
  const rows = cosines.map(cosine =>
    Array.from({ length: squares }, (_, y) =>
      cosine.reduce((sum, weight, x) => sum + weight * (field[y * squares + x] ?? 0), 0),
    ),
  );
  const strengths = rows.flatMap(row =>
    cosines.map(cosine => cosine.reduce((sum, weight, y) => sum + weight * (row[y] ?? 0), 0)),
  );
  const [middle = 0] = strengths.toSorted((one, other) => one - other).slice(strengths.length / 2);
  let digits = '';
  for (let at = 0; at < strengths.length; at += 4) {
    const bits = strengths.slice(at, at + 4).map(strength => (strength > middle ? '1' : '0'));
    digits += Number.parseInt(bits.join(''), 2).toString(16);
  }
  return digits;
}

/** Mean darkness of each square. */
function inSquares({ data, width, height }: Grey): number[] {
  const sums = new Array<number>(squares * squares).fill(0);
  const counts = new Array<number>(squares * squares).fill(0);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const square = Math.floor((y * squares) / height) * squares + Math.floor((x * squares) / width);
      sums[square] = (sums[square] ?? 0) + 255 - (data[y * width + x] ?? 255);
      counts[square] = (counts[square] ?? 0) + 1;
    }
  return sums.map((sum, square) => sum / Math.max(1, counts[square] ?? 0));
}

/** In how many of the 256 bits two fingerprints differ. */
export function distance(one: string, other: string): number {
  let bits = 0;
  for (let at = 0; at < one.length; at += 8) {
    let differing =
      (Number.parseInt(one.slice(at, at + 8), 16) ^ Number.parseInt(other.slice(at, at + 8), 16)) >>> 0;
    for (; differing !== 0; differing &= differing - 1) bits++;
  }
  return bits;
}
