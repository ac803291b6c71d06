import { randomInt } from 'node:crypto';

/*
 * Ten digits that a person types or says over the phone: nine that nobody guesses and one that finds a slip
 * of the finger (Damm's algorithm: every wrong digit and every swap of neighbours).
 */
const digits = 9;

/** Rows of a totally anti-symmetric quasigroup of order 10 (H. M. Damm, 2004). */
const table = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

const checkOf = (text: string) => [...text].reduce((row, digit) => Number(table[row]?.[Number(digit)]), 0);

export function newAppointmentCode(): string {
  const number = String(randomInt(10 ** digits)).padStart(digits, '0');
  return `${number}${checkOf(number)}`;
}

/** The code in what a person typed, with whatever between its digits; undefined when there is a slip in it. */
export function readAppointmentCode(typed: string): string | undefined {
  const code = typed.replace(/[\s‐-―-]/g, '');
  return /^\d{10}$/.test(code) && checkOf(code) === 0 ? code : undefined;
}
