/** A number as people read it: letter and at least two digits, `А01` … `А99`, `А100`. */
export function numberText(letter: string, running: number): string {
  return `${letter}${String(running).padStart(2, '0')}`;
}

/** The running number of a ticket, without its letter. */
export const runningNumber = (number: string): number => Number(number.slice(1));

/** Numbers of a letter that one box of a pair gives before it is the other one's turn (ADR 46). */
const blockNumbers = 500;

/** Which of the two boxes of a branch: the first gives 1–499, 1000–1499, …, the second 500–999, 1500–1999, … */
export type Series = 0 | 1;

/** Whose number it is. Two boxes that do not hear of each other never give the same one. */
export const seriesOf = (running: number): Series => (Math.floor(running / blockNumbers) % 2 === 0 ? 0 : 1);

/** No box gives these in turn: each station has some of them for when it cannot know the day (ADR 59). */
export const reserveFrom = 9000;
const reservePerStation = 25;

/** The reserve of a station by its place among those of the branch; undefined behind the fortieth. */
export function reserveOf(place: number): { from: number; to: number } | undefined {
  const from = reserveFrom + place * reservePerStation;
  return place < 0 || from > 9999 ? undefined : { from, to: from + reservePerStation - 1 };
}

/** The first of `count` numbers in a row behind the highest that was given; `series` is null in a branch with one box. */
export function nextNumbers(highest: number, count: number, series: Series | null): number {
  const next = highest + 1;
  if (series === null) return next;
  // A range is never torn: what is left of a block is not given.
  const isWhole = (from: number) =>
    seriesOf(from) === series &&
    Math.floor(from / blockNumbers) === Math.floor((from + count - 1) / blockNumbers);
  if (isWhole(next)) return next;
  const block = Math.floor(next / blockNumbers);
  return (block + (seriesOf(next) === series ? 2 : 1)) * blockNumbers;
}
