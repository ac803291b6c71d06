import type { Finding } from './finding.ts';
import { findLabelled } from './labelled.ts';
import type { Above } from './page-text.ts';

/**
 * The last digit of ОГРН (13 digits, organisations) and ОГРНИП (15 digits, sole traders): the number before
 * it modulo 11 or 13, of that the last digit (order of the Federal Tax Service ЕД-7-14/1067@). Remainders
 * that end alike (0 and 10, with ОГРНИП also 1 and 11, 2 and 12) cannot be told apart.
 */
export function checkOgrn(digits: string): 'passed' | 'failed' {
  if (!/^(\d{13}|\d{15})$/.test(digits) || /^0+$/.test(digits)) return 'failed';
  const modulus = digits.length === 13 ? 11 : 13;
  return (Number(digits.slice(0, -1)) % modulus) % 10 === Number(digits.at(-1)) ? 'passed' : 'failed';
}

/** ОГРН and ОГРНИП where the page names them. */
export function findOgrn(text: string, _asOf: Date, above: Above): Finding[] {
  const label = /(?<!\p{L})ОГРН(?:ИП)?(?!\p{L})[^\d]*$/iu;
  return findLabelled(text, above, { name: 'ogrn', label, lengths: [15, 13], check: checkOgrn });
}
