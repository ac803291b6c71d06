/**
 * The next number of a category on a branch day: letter and at least two digits, `А01` … `А99`, `А100`.
 * `taken` are the numbers of this letter already given today. A number never comes twice on one day,
 * however many are given.
 */
export function nextNumber(letter: string, taken: readonly string[]): string {
  const highest = taken.reduce((most, number) => Math.max(most, Number(number.slice(letter.length))), 0);
  return `${letter}${String(highest + 1).padStart(2, '0')}`;
}
