/** Highest number of a series in a day. */
const seriesSize = 999;

/**
 * The next number of a category on a branch day: letter and at least two digits, `А01` … `А99`, `А100`.
 * `taken` are the numbers of this letter already given today. After 999 the series begins again with
 * the first free one, so that a ticket never gets longer than its place on the board.
 */
export function nextNumber(letter: string, taken: readonly string[]): string {
  const used = new Set(taken.map(number => Number(number.slice(1))));
  const highest = Math.max(0, ...used);
  let next = highest < seriesSize ? highest + 1 : 1;
  while (used.has(next)) next++;
  return `${letter}${String(next).padStart(2, '0')}`;
}
