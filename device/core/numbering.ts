/** A number as people read it: letter and at least two digits, `А01` … `А99`, `А100`. */
export function numberText(letter: string, running: number): string {
  return `${letter}${String(running).padStart(2, '0')}`;
}

/** The running number of a ticket, without its letter. */
export const runningNumber = (number: string): number => Number(number.slice(1));
