import { dash, digitLike, readDigits, weighted } from './digits.ts';
import { type Check, type Finding, findAll } from './finding.ts';

/**
 * Check digits of СНИЛС (rules of the Pension Fund: numbers above 001-001-998 carry them).
 * `none` for the old numbers below, which have nothing to check.
 * The scheme has a blind spot: sums of 0, 100 and 101 all give 00.
 */
export function checkSnils(digits: string): Check {
  if (!/^\d{11}$/.test(digits)) return 'failed';
  if (Number(digits.slice(0, 9)) <= 1_001_998) return 'none';
  const sum = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
  return (sum % 101) % 100 === Number(digits.slice(9)) ? 'passed' : 'failed';
}

const three = `${digitLike}{3}`;
const between = `\\s?${dash}\\s?`;
const grouped = new RegExp(
  `(?<![\\p{L}\\d-])${three}${between}${three}${between}${three}(?:\\s|${dash}){0,3}${digitLike}{2}(?![\\p{L}\\d]|[/-]\\S)`,
  'gu',
);
const bare = /(?<=СНИЛС\)?[:\s№]{1,4})\d{3} ?\d{3} ?\d{3} ?\d{2}(?!\d)/giu;

/** СНИЛС, printed `112-233-445 95`. Eleven bare digits count only behind the word СНИЛС. */
export function findSnils(text: string): Finding[] {
  return [grouped, bare].flatMap(expression =>
    findAll(text, expression, ([found]) => {
      const { digits, mended } = readDigits(found) ?? {};
      if (digits === undefined) return undefined;
      const value = `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6, 9)} ${digits.slice(9)}`;
      return { name: 'snils', value, check: checkSnils(digits), ...(mended && { read: found }) };
    }),
  );
}
