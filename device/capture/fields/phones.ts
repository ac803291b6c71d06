import { before, type Finding, findAll } from './finding.ts';

const whole =
  /(?<![\d-])(?:\+ ?7|8)[ -]?\(?\d{3,5}\)?(?:[ -]|-?\n)?\d{1,3}(?:[ -]|-\n)?\d{2}(?:[ -]|-\n)?\d{2}(?![\d-])/g;
/** Without the country: only behind its name, with the code in brackets. */
const local = /(?<=тел(?:ефон|\.|:)[^\d\n(]{0,12})\(\d{3,5}\) ?\d{1,3}[ -]?\d{2}[ -]?\d{2}(?![\d-])/giu;

/** Russian telephone numbers, also `8 (900) 000-11-22`, given as `+7 900 000-11-22`. */
export function findPhones(text: string): Finding[] {
  return [whole, local].flatMap(expression =>
    findAll(text, expression, match => {
      const all = match[0].replace(/\D/g, '');
      const digits = expression === local ? `7${all}` : all;
      // Eleven bare digits may be anything; a telephone has a plus, brackets, its usual spaces or a word before it.
      const named =
        /[+()-]|^8 9\d\d \d{3} \d\d \d\d$/.test(match[0]) ||
        /тел|phone|моб|сот\.|(?<!\p{L})т\. ?$/iu.test(before(text, match.index, 30));
      if (digits.length !== 11 || !named) return undefined;
      const value = `+7 ${digits.slice(1, 4)} ${digits.slice(4, 7)}-${digits.slice(7, 9)}-${digits.slice(9)}`;
      return { name: 'phone', value, check: 'none' };
    }),
  );
}
