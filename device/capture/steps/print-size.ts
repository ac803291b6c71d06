import type { Grey } from './grey.ts';

/** Rows with at least this share of a line's densest row belong to the body of its small letters. */
const bodyShare = 0.45;
/** Fewer rows are a rule, more are a picture. */
const leastRows = 4;
const mostRows = 60;
const dark = 140;

/**
 * Height of small letters («x-height») of the print that a straightened, flattened page has most of, in
 * pixels; undefined when there are no lines. Print is read best at 12–20.
 */
export function letterHeight({ data, width, height }: Grey): number | undefined {
  const ink = new Uint32Array(height);
  for (let y = 0; y < height; y++) {
    let count = 0;
    for (let at = y * width, end = at + width; at < end; at++) if ((data[at] ?? 255) < dark) count++;
    ink[y] = count;
  }
  const bodies: { rows: number; ink: number }[] = [];
  for (let top = 0; top < height; ) {
    if ((ink[top] ?? 0) < 3) {
      top++;
      continue;
    }
    let bottom = top;
    let peak = 0;
    let sum = 0;
    for (; bottom < height && (ink[bottom] ?? 0) >= 3; bottom++) {
      peak = Math.max(peak, ink[bottom] ?? 0);
      sum += ink[bottom] ?? 0;
    }
    let rows = 0;
    for (let y = top; y < bottom; y++) if ((ink[y] ?? 0) >= peak * bodyShare) rows++;
    if (rows >= leastRows && rows <= mostRows) bodies.push({ rows, ink: sum });
    top = bottom;
  }
  bodies.sort((one, other) => one.rows - other.rows);
  const half = bodies.reduce((sum, each) => sum + each.ink, 0) / 2;
  let seen = 0;
  return bodies.find(each => {
    seen += each.ink;
    return seen >= half;
  })?.rows;
}
