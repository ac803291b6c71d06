import { type Finding, findAll } from './finding.ts';
import { readCardinal } from './numerals.ts';

/** A line may end within a sum; what ends there behind these words is the number of a house or a clause. */
const endOfLine = '(?<!(?:№|кв\\.|д\\.|дом|п\\.|ст\\.) ?\\d{1,3})\\n';
/** «руб.», also where the engine took it for Latin letters, and «р.», which before «п.» is a settlement and before a name a river. */
const unit = '(?:[рp][уy][6бb](?:\\.|л\\p{L}*)?|р\\.(?! ?(?:п|\\p{Lu}))|₽)';
const kopecksUnit = '(?:[кk][оo][пnрp]|[кk]\\.)';
const expression = new RegExp(
  `(?<![\\d.,])(?<roubles>(?!0\\d)\\d{1,3}(?:(?:[ \\u00a0]|${endOfLine})\\d{3})+|\\d{1,9})(?:[.,](?<kopecks>\\d{2}))?\\s?(?:\\((?<words>[^)]{3,200})\\)\\s?)?${unit}(?:\\s\\((?<after>[^)]{3,200})\\))?(?:\\s(?<rest>\\d{2})\\s?${kopecksUnit})?`,
  'gu',
);

/** Sums in roubles, given as `12500.00`; where the sum stands beside it in words, the two must agree. */
export function findAmounts(text: string): Finding[] {
  return findAll(text, expression, match => {
    const { roubles = '', kopecks, rest, words, after } = match.groups ?? {};
    const figures = roubles.replace(/\D/g, '');
    // Three figures behind a nought are the end of a sum whose beginning was not read.
    if (/^0\d\d$/.test(figures)) return undefined;
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
