import { weighted } from './digits.ts';
import type { Check, Finding } from './finding.ts';
import { findLabelled } from './labelled.ts';
import type { Above } from './page-text.ts';

const weights = Array.from({ length: 23 }, (_, at) => [7, 1, 3][at % 3] ?? 0);

/**
 * The key of an account (9th of 20 digits) against the bank's БИК (Bank of Russia, order 515 of 1997): the
 * sum with weights 7, 1, 3 ends in 0. Accounts kept by the Bank of Russia itself count with digits 5 and 6
 * of the БИК, others with its last three. `none` without a БИК and for treasury accounts, which begin with 0.
 * Every single wrong digit is caught; two neighbours that changed places are not when they differ by 5.
 */
export function checkAccount(account: string, bik: string | undefined): Check {
  if (!/^\d{20}$/.test(account)) return 'failed';
  if (bik === undefined || account.startsWith('0')) return 'none';
  const ofCentralBank = account.startsWith('301') || /00[0-2]$/.test(bik);
  const bank = ofCentralBank ? `0${bik.slice(4, 6)}` : bik.slice(6);
  return weighted(bank + account, weights) % 10 === 0 ? 'passed' : 'failed';
}

/** БИК (nine digits, Russian ones begin with 0 or 1 and carry nothing to check) and accounts beside them. */
export function findBankDetails(text: string, _asOf: Date, above: Above): Finding[] {
  const biks = findLabelled(text, above, {
    name: 'bik',
    label: /(?<!\p{L})(?:БИК|[BБ][UИ][KК])(?!\p{L})[^\d]*$/iu,
    lengths: [9],
    check: digits => (/^[01]/.test(digits) ? 'none' : 'failed'),
  });
  const [bik] = biks.filter(({ check }) => check !== 'failed');
  const accounts = findLabelled(text, above, {
    name: 'account',
    label:
      /(?:сч[её]т|(?<!\p{L})[рк] ?\/ ?с|(?<!\p{L})[рк]\/сч|(?<!\p{L})[сc][чu]\. ?(?:№|N))[^\d\n]*\n?[^\d\n]*$/iu,
    lengths: [20],
    check: digits => checkAccount(digits, bik?.value),
  });
  return [...biks, ...accounts];
}
