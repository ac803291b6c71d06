import { weighted } from './digits.ts';
import type { Finding } from './finding.ts';
import { findLabelled } from './labelled.ts';
import type { Above } from './page-text.ts';

/**
 * Check digits of ИНН (order of the Federal Tax Service ММВ-7-6/435@): one for organisations (10 digits),
 * two for people (12). The scheme cannot tell a remainder of 0 from 10.
 */
export function checkInn(digits: string): 'passed' | 'failed' {
  if (!/^(\d{10}|\d{12})$/.test(digits) || /^0+$/.test(digits)) return 'failed';
  const digit = (weights: number[]) => (weighted(digits, weights) % 11) % 10;
  const ok =
    digits.length === 10
      ? digit([2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(digits[9])
      : digit([7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(digits[10]) &&
        digit([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(digits[11]);
  return ok ? 'passed' : 'failed';
}

/** ИНН where the page says ИНН. */
export function findInn(text: string, _asOf: Date, above: Above): Finding[] {
  // The engine may take the word for Latin letters.
  const label = /(?:(?<!\p{L})[ИUMМ][НH][НH](?!\p{L})|номер\p{L}{0,2}\s+налогоплательщик\p{L})[^\d]*$/iu;
  return findLabelled(text, above, { name: 'inn', label, lengths: [12, 10], check: checkInn });
}
