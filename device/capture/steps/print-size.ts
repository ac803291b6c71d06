/** Rows with at least this share of a line's densest row belong to the body of its small letters. */
const bodyShare = 0.45;
/** Fewer rows are a rule, more are a picture. */
const leastRows = 4;
const mostRows = 60;
/** Less ink in a row is dust. */
const leastInk = 3;

/**
 * Height of small letters («x-height») of the print that a straightened page has most of, in pixels;
 * undefined when there are no lines. Print is read best at 12–20.
 * @param rows ink of each row of the page
 */
export function letterHeight(rows: Uint32Array): number | undefined {
  const ink = (y: number) => rows[y] ?? 0;
  const bodies: { rows: number; ink: number }[] = [];
  for (let top = 0; top < rows.length; top++) {
    if (ink(top) < leastInk) continue;
    let bottom = top;
    let peak = 0;
    let sum = 0;
    for (; bottom < rows.length && ink(bottom) >= leastInk; bottom++) {
      peak = Math.max(peak, ink(bottom));
      sum += ink(bottom);
    }
    let body = 0;
    for (let y = top; y < bottom; y++) if (ink(y) >= peak * bodyShare) body++;
    if (body >= leastRows && body <= mostRows) bodies.push({ rows: body, ink: sum });
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
