import { type Finding, findAll } from './finding.ts';
import { readCardinal } from './numerals.ts';

const expression =
  /(?<![\d.,])(?<roubles>\d{1,3}(?:[ \u00a0]\d{3})+|\d{1,9})(?:[.,](?<kopecks>\d{2}))? ?(?:\((?<words>[^)]{3,200})\)\s?)?(?:руб(?:\.|л\p{L}*)?|₽)(?: \((?<after>[^)]{3,200})\))?(?: (?<rest>\d{2}) ?(?:[кk][оo][пnрp]))?/gu;

/** Sums in roubles, given as `12500.00`; where the sum stands beside it in words, the two must agree. */
export function findAmounts(text: string): Finding[] {
  return findAll(text, expression, match => {
    const { roubles = '', kopecks, rest, words, after } = match.groups ?? {};
    const figures = roubles.replace(/\D/g, '');
    const said = inRoubles(words ?? after ?? '');
    const check = said === undefined ? 'none' : said === Number(figures) ? 'passed' : 'failed';
    return { name: 'amount', value: `${figures}.${kopecks ?? rest ?? '00'}`, check };
  });
}

/** Roubles of a sum in words, up to the word «рублей» where there is one. */
function inRoubles(text: string): number | undefined {
  const [words = ''] = text.split(/руб/iu);
  return readCardinal(words.match(/\p{L}+/gu) ?? []);
}
