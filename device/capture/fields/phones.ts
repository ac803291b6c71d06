import { before, type Finding, findAll } from './finding.ts';

/** Russian telephone numbers, also `8 (900) 000-11-22`, given as `+7 900 000-11-22`. */
export function findPhones(text: string): Finding[] {
  const expression =
    /(?<![\d-])(?:\+ ?7|8)[ -]?\(?\d{3,4}\)?(?:[ -]|-?\n)?\d{2,3}(?:[ -]|-\n)?\d{2}(?:[ -]|-\n)?\d{2}(?![\d-])/g;
  return findAll(text, expression, match => {
    const digits = match[0].replace(/\D/g, '');
    // Eleven bare digits may be anything; a telephone has a plus, brackets or a word before it.
    const named = /[+()-]/.test(match[0]) || /тел|phone/i.test(before(text, match.index, 30));
    if (digits.length !== 11 || !named) return undefined;
    const value = `+7 ${digits.slice(1, 4)} ${digits.slice(4, 7)}-${digits.slice(7, 9)}-${digits.slice(9)}`;
    return { name: 'phone', value, check: 'none' };
  });
}
