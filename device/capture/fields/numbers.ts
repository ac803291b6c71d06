import { checkInn, checkSnils } from './check-digits.ts';
import { before, type Finding, findAll } from './finding.ts';

/** A digit as the engine may write it: «О» is a nought in a number. Check digits judge the guess. */
const digit = '[0-9OoОо]';
const dash = '[-‐-―−]';

/** СНИЛС, printed `112-233-445 95`. Eleven bare digits count only behind the word СНИЛС. */
export function findSnils(text: string): Finding[] {
  const grouped = new RegExp(
    `(?<![\\p{L}\\d-])${digit}{3}\\s?${dash}\\s?${digit}{3}\\s?${dash}\\s?${digit}{3}(?:\\s|${dash}){0,3}${digit}{2}(?![\\p{L}\\d])`,
    'gu',
  );
  const bare = /(?<=СНИЛС\)?[:\s№]{1,4})\d{3} ?\d{3} ?\d{3} ?\d{2}(?!\d)/giu;
  return [grouped, bare].flatMap(expression =>
    findAll(text, expression, ([found]) => {
      const digits = plainDigits(found);
      const value = `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6, 9)} ${digits.slice(9)}`;
      return { name: 'snils', value, check: checkSnils(digits) };
    }),
  );
}

/**
 * ИНН only where the page says ИНН: one in eleven numbers of ten digits would pass by chance. Both printed
 * in one piece and in the boxes of a form, where the engine puts spaces.
 */
export function findInn(text: string): Finding[] {
  const expression = new RegExp(
    `(?<![\\p{L}\\d-])(?:${digit} ?){9,11}${digit}(?![\\p{L}\\d]|${dash}\\d)`,
    'gu',
  );
  return findAll(text, expression, match => {
    const digits = plainDigits(match[0]);
    if (digits.length !== 10 && digits.length !== 12) return undefined;
    if (!/(?<!\p{L})ИНН(?!\p{L})[^\d]*$/iu.test(before(text, match.index, 60))) return undefined;
    return { name: 'inn', value: digits, check: checkInn(digits) };
  });
}

/** Russian telephone numbers, also `8 (900) 000-11-22`, given as `+7 900 000-11-22`. */
export function findPhones(text: string): Finding[] {
  const expression = /(?<![\d-])(?:\+ ?7|8)[ -]?\(?\d{3,4}\)?[ -]?\d{2,3}[ -]?\d{2}[ -]?\d{2}(?![\d-])/g;
  return findAll(text, expression, match => {
    const digits = match[0].replace(/\D/g, '');
    // Eleven bare digits may be anything; a telephone has a plus, brackets or a word before it.
    const named = /[+()-]/.test(match[0]) || /тел|phone/i.test(before(text, match.index, 30));
    if (digits.length !== 11 || !named) return undefined;
    const value = `+7 ${digits.slice(1, 4)} ${digits.slice(4, 7)}-${digits.slice(7, 9)}-${digits.slice(9)}`;
    return { name: 'phone', value, check: 'none' };
  });
}

/** A document's number behind «№»; flat and house numbers of an address are no documents. */
export function findDocumentNumbers(text: string): Finding[] {
  const expression = /(?:№|(?<!\p{L})N[°o]?) ?(?<number>[\p{L}\d][\p{L}\d/-]*\d[\p{L}\d/-]*)/gu;
  return findAll(text, expression, match => {
    const value = match.groups?.number ?? '';
    const place = /(?:д|дом|кв|корп|стр|каб|окно|школ\p{L}*|отделени\p{L}*)\.?,? $/iu;
    if (value.length < 3 || place.test(before(text, match.index, 20))) return undefined;
    return { name: 'number', value, check: 'none' };
  });
}

/** Sums in roubles, given as `12500.00`. */
export function findAmounts(text: string): Finding[] {
  const expression =
    /(?<![\d.,])(?<roubles>\d{1,3}(?:[ \u00a0]\d{3})+|\d{1,9})(?:[.,](?<kopecks>\d{2}))? ?(?:\([^)]{3,120}\) ?)?(?:руб(?:\.|л\p{L}*)?|₽)(?: (?<rest>\d{2}) ?коп)?/gu;
  return findAll(text, expression, match => {
    const { roubles = '', kopecks, rest } = match.groups ?? {};
    const value = `${roubles.replace(/\D/g, '')}.${kopecks ?? rest ?? '00'}`;
    return { name: 'amount', value, check: 'none' };
  });
}

function plainDigits(text: string): string {
  return text.replace(/[OoОо]/g, '0').replace(/\D/g, '');
}
