import { type Finding, findAll } from './finding.ts';
import { readCardinal } from './numerals.ts';

/** Words before a sum in running text: there a line may end within it; in a table the number above is another one. */
const sumBefore =
  '(?:размере|сумм[аеуы]|состав\\p{L}{1,5}|цен[аеуы]|стоимость\\p{L}{0,2}|пен[ия]|штраф\\p{L}{0,2}|плат[аеуы]|выплат\\p{L}{1,2}|задолженность|оклад|получил\\p{L}{0,2}|взыскать)';
const overLineEnd = `(?<=${sumBefore}\\s)\\d{1,3}(?:\\s\\d{3})+|\\d{1,3}(?:[ \\u00a0]\\d{3})*\\n0\\d\\d`;
const figures = `(?<roubles>${overLineEnd}|(?!0\\d)\\d{1,3}(?:[ \\u00a0]\\d{3})+|\\d{1,9})(?:[.,](?<kopecks>\\d{2}))?`;
/** «руб.», also where the engine took it for Latin letters, and «р.», which before «п.» is a settlement and before a name a river. */
const unit = '(?:[рp][уy][6бb](?:\\.|л\\p{L}*)?|р\\.(?! ?(?:п|\\p{Lu}))|₽)';
const kopecksUnit = '(?:[кk][оo][пnрp]|[кk]\\.)';
const withUnit = new RegExp(
  `(?<![\\d.,])${figures}\\s?(?:\\((?<words>[^)]{3,200})\\)\\s?)?${unit}(?:\\s\\((?<after>[^)]{3,200})\\))?(?:\\s(?<rest>\\d{2})\\s?${kopecksUnit})?`,
  'gu',
);
/** The unit stands in the label, or its sign was not read: «Стоимость, руб.: 318264.52», «Сумма 300,00 P». */
const labelled = new RegExp(
  `(?<=,\\s?руб\\.?:?\\s|(?:[Сс]умма|Cymma|[Ии]того|ИТОГО)[ :]{1,3})${figures}(?![\\d.,]|\\s?(?:${unit}|%))`,
  'gu',
);

const beforeSum = /^.*(?:сумм\p{L}{1,3}|размере|составляет|оплате|уплатить|взыскать|получил\p{L}?)\s/isu;
/** «Сумма (тысяч рублей)» tells what figures below count. */
const unitOfTable = /^(?:тысяч|миллионов|миллиардов)$/iu;
/** A sum in words alone, from where it begins: of one that is cut the rest would be another sum. */
const inWordsAlone = new RegExp(
  `(?<=(?:[(:]\\s?|(?:сумм\\p{L}{1,3}|размере|составляет|оплате|уплатить|взыскать|получил\\p{L}?)\\s))(?<words>\\p{L}+(?:\\s\\p{L}+){0,11}?)\\sруб(?:л\\p{L}+|\\.)(?:\\s(?<rest>\\d{2})\\s?${kopecksUnit})?`,
  'giu',
);

/** Sums in roubles, given as `12500.00`; where the sum stands beside it in words, the two must agree. */
export function findAmounts(text: string): Finding[] {
  const alone = findAll(text, inWordsAlone, ({ 0: read, groups }) => {
    const words = (groups?.words ?? '').replace(beforeSum, '');
    const said = unitOfTable.test(words) ? undefined : inRoubles(words);
    if (said === undefined) return undefined;
    return { name: 'amount', value: `${said}.${groups?.rest ?? '00'}`, check: 'none', read };
  });
  const inFigures = [withUnit, labelled].flatMap(expression =>
    findAll(text, expression, match => {
      const { roubles = '', kopecks, rest, words, after } = match.groups ?? {};
      const whole = roubles.replace(/\D/g, '');
      // Three figures behind a nought are the end of a sum whose beginning was not read.
      if (/^0\d\d$/.test(whole)) return undefined;
      // Without a unit only kopecks tell a sum from a count.
      if (expression === labelled && kopecks === undefined) return undefined;
      const said = inRoubles(words ?? after ?? '');
      const check = said === undefined ? 'none' : said === Number(whole) ? 'passed' : 'failed';
      return { name: 'amount', value: `${whole}.${kopecks ?? rest ?? '00'}`, check };
    }),
  );
  return [...inFigures, ...alone];
}

/** Roubles of a sum in words, up to the word «рублей» where there is one. */
function inRoubles(text: string): number | undefined {
  const [words = ''] = text.split(/руб/iu);
  return readCardinal(words.match(/\p{L}+/gu) ?? []);
}
