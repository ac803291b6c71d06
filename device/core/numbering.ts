/**
 * The next number of a category on a branch day: letter and at least two digits, `А01` … `А99`, `А100`.
 * `newest` is the last one of this letter given today. A number never comes twice on one day, however many
 * are given.
 */
export function nextNumber(letter: string, newest: string | undefined): string {
  const last = newest === undefined ? 0 : Number(newest.slice(letter.length));
  return `${letter}${String(last + 1).padStart(2, '0')}`;
}
