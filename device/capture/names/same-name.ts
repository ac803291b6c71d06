import { foldName, type NameReading, printName, readName } from './full-name.ts';
import { isGivenName } from './given-names.ts';

/**
 * Whether two full names in any case mean one person's name: «Иванову Петру Сергеевичу» and «Иванов Пётр
 * Сергеевич». `unsure` when something is left open: a missing patronymic, initials, forms of a man's and a
 * woman's name that look alike, or one letter of difference, which the engine may have misread.
 */
export function sameName(one: string, other: string): 'same' | 'differs' | 'unsure' {
  if (foldName(one) === foldName(other)) return 'same';
  const [ones, others] = [readName(one), readName(other)];
  if (ones.length === 0 || others.length === 0) return withInitials(one, other);
  const pairs = ones.flatMap(a => others.filter(b => a.gender === b.gender).map(b => [a, b] as const));
  if (pairs.some(([a, b]) => a.patronymic !== undefined && equal(a, b))) return 'same';
  if (pairs.some(([a, b]) => a.patronymic === undefined && equal(a, b)))
    return isOne(ones) && isOne(others) ? 'same' : 'unsure';
  if (
    pairs.some(([a, b]) => !a.patronymic !== !b.patronymic && a.surname === b.surname && a.given === b.given)
  )
    return 'unsure';
  return pairs.some(([a, b]) => nearly(key(a), key(b))) ? 'unsure' : 'differs';
}

/**
 * The nominative of a name that stands in another case, when it is certain: with one reading only. A given
 * name that nobody knows is believed to be declined as the patronymic beside it is, unless a vowel may have
 * gone from its end («Вымыслу» is of «Вымысел»). Undefined for a name that may be in the nominative already.
 */
export function nominativeOf(name: string): string | undefined {
  const readings = withoutRare(readName(name));
  if (readings.some(reading => reading.case === 'nominative' || reading.case === 'any')) return undefined;
  const given = foldName(name).split(/\s+/)[1];
  const [first, ...others] = readings.filter(
    reading =>
      isKnown(reading) ||
      keepsOneForm(reading) ||
      (reading.given !== given && !/[бвгджзклмнпрстфхцчшщ]{2}$/.test(reading.given)),
  );
  if (first?.patronymic === undefined || !isOne([first, ...others])) return undefined;
  return printName(first, name);
}

/** «Макетовым» is of Макетов, hardly of Макетовый; «Дроздецкому» of Дроздецкий, «Дорожному» of Дорожный. */
function withoutRare(readings: NameReading[]): NameReading[] {
  const rare = /(?:(?:[оеё]в|[иы]н)[ыо]й|[кгх]ом|(?<!лес|степ|род|зем|реч|голов|боль|гряз|ду)ной|[нвлр]ом)$/;
  const usual = readings.filter(({ surname }) => !rare.test(surname));
  return usual.length > 0 ? usual : readings;
}

/** «Лилит»: a woman's name in a consonant has one form, known or not. */
const keepsOneForm = ({ given, gender }: NameReading) =>
  gender === 'female' && /[бвгджзклмнпрстфхцчшщ]$/.test(given);

const isKnown = ({ given, gender }: NameReading) => given.split('-').every(half => isGivenName(half, gender));

const key = ({ surname, given, patronymic }: NameReading) => `${surname} ${given} ${patronymic ?? ''}`;
const equal = (a: NameReading, b: NameReading) => key(a) === key(b);
const isOne = (readings: NameReading[]) => new Set(readings.map(key)).size === 1;

/** One letter more, less or another. */
function nearly(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [x, y] = [a.slice(start), b.slice(start)];
  return x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1);
}

/** «Иванов П. С.» can only be held against the first letters. */
function withInitials(one: string, other: string): 'differs' | 'unsure' {
  const letters = (text: string) =>
    (foldName(text).match(/\p{L}[\p{L}-]*/gu) ?? []).toSorted((a, b) => b.length - a.length);
  const [a, b] = [letters(one), letters(other)];
  const firsts = (words: string[]) =>
    words
      .map(word => word.slice(0, 1))
      .toSorted()
      .join('');
  return firsts(a) === firsts(b) ? 'unsure' : 'differs';
}
