import { weighted } from './digits.ts';
import type { Finding } from './finding.ts';
import { findLabelled } from './labelled.ts';
import type { Above } from './page-text.ts';

/** 1 to 10, over and over, beginning with `first`. */
const weightsFrom = (first: number) => Array.from({ length: 24 }, (_, at) => ((at + first - 1) % 10) + 1);

/**
 * The last digit of УИН, the number of a payment to the budget (20 or 25 digits; rules of ГИС ГМП, order of
 * the Treasury 11н of 2017): the sum of the others with weights 1 to 10, over and over, modulo 11. When that
 * is 10, weights begin with 3; when it is 10 again, the digit is 0.
 */
export function checkUin(digits: string): 'passed' | 'failed' {
  if (!/^(\d{20}|\d{25})$/.test(digits) || /^0+$/.test(digits)) return 'failed';
  const rest = (first: number) => weighted(digits, weightsFrom(first).slice(0, digits.length - 1)) % 11;
  const digit = [rest(1), rest(3), 0].find(each => each < 10);
  return digit === Number(digits.at(-1)) ? 'passed' : 'failed';
}

/** УИН where the page names it. */
export function findUin(text: string, _asOf: Date, above: Above): Finding[] {
  const label = /(?:(?<!\p{L})УИН(?!\p{L})|идентификатор\p{L}*\s+начислени\p{L}*)[^\d]*$/iu;
  return findLabelled(text, above, { name: 'uin', label, lengths: [25, 20], check: checkUin });
}
