import type { FieldName } from '../../../protocol/field-titles.ts';
import { type Built, type Check, type Finding, findAll } from './finding.ts';
import { readOrdinal } from './numerals.ts';
import type { Above } from './page-text.ts';

const months = [
  'января',
  'февраля',
  'марта',
  'апреля',
  'мая',
  'июня',
  'июля',
  'августа',
  'сентября',
  'октября',
  'ноября',
  'декабря',
];
/** «мая» has three letters only, which the engine may take for Latin ones. */
const mayInLatin = 'maa';
const monthNames = [...months, mayInLatin].join('|');

const figures = /(?<![\d.])(?<day>\d{2})[./](?<month>\d{2})[./](?<year>\d{4})(?!\d)/g;
/** Days, months and years each in cells of their own. */
const captioned =
  /(?<!\p{L})число[:\s]+(?<day>\d{1,2})[,;\s]+месяц[:\s]+(?<month>\d{1,2})[,;\s]+год[:\s]+(?<year>\d{4})(?!\d)/giu;
/** Parts of a date in a form, each before its caption. */
const captionedBehind =
  /(?<!\d)(?<day>\d{1,2})\s+число[,;\s]+(?<month>\d{1,2})\s+месяц[,;\s]+(?<year>\d{4})\s+год(?!\p{L})/giu;
/** ISO 8601, as programs print it. */
const iso = /(?<![\d-])(?<year>(?:19|20)\d{2})-(?<month>\d{2})-(?<day>\d{2})(?![\d-])/g;
/** Eight digits are a date only straight behind its name. */
const cells =
  /(?<=(?:дата\s+(?:рождения|выдачи)|действи(?:я|телен)\s+до)[:\s]{1,3})(?<day>\d{2}) ?(?<month>\d{2}) ?(?<year>(?:19|20)\d{2})(?!\d)/giu;
const named = new RegExp(
  `(?<!\\d)[«"]?(?<day>\\d{1,2})[»"]?\\s(?<name>${monthNames})\\s(?<year>\\d{4})(?!\\d)`,
  'giu',
);
/** «двенадцатое марта две тысячи двадцать шестого года». */
const inWords = new RegExp(
  `(?<!\\p{L})(?<day>(?:двадцать\\s|тридцать\\s)?\\p{L}{5,16})\\s(?<name>${monthNames})\\s(?<year>(?:\\p{L}+\\s){1,5}?)года?(?!\\p{L})`,
  'giu',
);

/**
 * What stands before a date says which one it is: the last of these words decides. Behind a place of birth, a
 * registration or «от» comes a day that is none of those that a form asks for.
 */
const cues: [name: FieldName, words: RegExp][] = [
  ['birth-date', /рожд\p{L}*|роди(?:л|вш)\p{L}*|born|birth/giu],
  ['issue-date', /выда(?:н\p{L}*(?!\s+для)|чи|ч)(?!\p{L})|(?:date of )?issued?(?!\p{L})/giu],
  ['valid-until', /окончани\p{L}*(?:\s+срока)?(?:\s+действия)?|expir\p{L}*|valid until/giu],
  ['date', /(?<!и )место\s+рожд\p{L}*|place of birth|о\s+рождении/giu],
  ['date', /дата\s+(?!(?:и\s+место\s+)?рожд|выдачи|окончани)\p{L}+/giu],
  [
    'date',
    /регистрац\p{L}*:|(?:за|о)?регистрирован\p{L}*|постав\p{L}+\s+на\s+уч\p{L}+|постановк\p{L}+(?:\s+\p{L}+){0,3}\s+на\s+уч\p{L}+|состав[лс]\p{L}*/giu,
  ],
  ['date', /заключ\p{L}+|принят\p{L}*|подан\p{L}*|поступил\p{L}*|присво\p{L}+|формирован\p{L}*/giu],
];
/** Straight before a date these say that it is the beginning or the day of something else. */
const otherDay = /(?<!\p{L})(?:с|со|от|за|на|к)\s+[«"]?$/iu;
const lastDay =
  /(?:действ\p{L}*|срок\p{L}*|годен|годна|valid)(?:\s+\p{L}+){0,3}[\s:]+(?:до|по|until|to)[^\d]{0,6}$/iu;
/** «Срок действия паспорта: 01.02.2030» */
const term = /срок\s+действия(?:\s+\p{L}+)?[\s:]+$/iu;
/** «Срок действия с 01.03.2026 по 31.01.2027»: the second day is the last one. */
const lastOfSpan =
  /(?:действ\p{L}*|срок\p{L}*|valid)(?:\s+\p{L}+){0,3}[\s:]+(?:с|со|from)\s+[^\n]{6,24}?\s+(?:до|по|until|to)\s+[«"]?$/iu;
/** Another span's end: «доход за период с 01.08.2025 по 31.01.2026». */
const endOfSpan = /(?<!\p{L})(?:с|со)\s+[«"]?\d[^\n]{4,24}?(?:\d|г\.|года)\s+(?:до|по)\s+[«"]?$/iu;
/** Driving licences name their entries by numbers alone (Convention on Road Traffic, annex 6); two beside each other tell one. */
const licence = /4[aа][.)]*\s*\d\d\.\d\d\.\d{4}[\s,;]+4[bвьЬ6][.)]*\s*\d\d\./iu;
const entries: [name: FieldName, number: RegExp][] = [
  ['birth-date', /^\s*3[.)]+\s*$/u],
  ['issue-date', /4[aа][.)]*\s*$/iu],
  ['valid-until', /4[bвьЬ6][.)]*\s*$/iu],
];

const bornBehind = /^[\s,]*(?:г\.?|года?)?\s?(?:рожд|р\.|г\.\s?р\.|г\.?р\.?(?!\p{L}))/iu;
/** A cue belongs to the first date behind it. */
const earlierDate = /.*(?:(?:19|20)\d\d|\d\d[./]\d\d[./]\d\d)(?!\d)/su;
const reachLetters = 110;

/**
 * Dates in figures, with the month's name or in words, given as `01.02.2026`. A day that no calendar has, and
 * a birth or an issue after `asOf`, is kept and marked `failed`: the clerk sees what was misread.
 */
export function findDates(text: string, asOf: Date, above: Above): Finding[] {
  const build = (match: RegExpExecArray, day: number, month: number, year: number): Built => {
    const name =
      isBehindName(text, match.index) && year <= asOf.getUTCFullYear() - ofAge
        ? 'birth-date'
        : kindOf(text, match, above);
    return { name, value: formatDay(year, month, day), check: judge(name, year, month, day, asOf) };
  };
  const found = [
    ...[figures, captioned, captionedBehind, iso, cells].flatMap(expression =>
      findAll(text, expression, match => {
        const { day, month, year } = match.groups ?? {};
        return build(match, Number(day), Number(month), Number(year));
      }),
    ),
    ...findAll(text, named, match => {
      const { day, name, year } = match.groups ?? {};
      return build(match, Number(day), monthOf(name), Number(year));
    }),
    ...findAll(text, inWords, match => {
      const { day = '', name, year = '' } = match.groups ?? {};
      const dayNumber = readOrdinal(day.trim().split(/\s+/));
      const yearNumber = readOrdinal(year.trim().split(/\s+/));
      if (dayNumber === undefined || yearNumber === undefined) return undefined;
      return { ...build(match, dayNumber, monthOf(name), yearNumber), read: match[0].replace(/\s+/g, ' ') };
    }),
  ];
  // «29.02.1992, двадцать девятого февраля…»: the second is the same day and no other field.
  const isNamed = (value: string) => found.some(other => other.value === value && other.name !== 'date');
  return found.filter(({ name, value }) => name !== 'date' || !isNamed(value));
}

/** «Сидоров Алексей Николаевич, 27.12.1970», as registers name an owner; a day soon ago may be that of a signature. */
const isBehindName = (text: string, at: number) => nameBefore.test(text.slice(Math.max(0, at - 90), at));
const nameBefore = /\p{Lu}[\p{L}-]+\s\p{Lu}\p{L}+\s\p{Lu}\p{L}*(?:ич|вн|ичн)(?:а|у|ем|ы|е|ой)?(?:,\s|\s\()$/u;
/** Years from which people have papers of their own. */
const ofAge = 14;

/** `01.02.2026`; months count from 1. */
export function formatDay(year: number, month: number, day: number): string {
  return `${String(day).padStart(2, '0')}.${String(month).padStart(2, '0')}.${year}`;
}

/** Whether a calendar has the day, and it is no birth or issue that is still to come. */
export function judge(name: FieldName, year: number, month: number, day: number, asOf: Date): Check {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1900 || year > 2100 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return 'failed';
  // A branch far in the east is a day ahead of UTC.
  const future = date.getTime() > asOf.getTime() + 24 * 3_600_000;
  return future && (name === 'birth-date' || name === 'issue-date') ? 'failed' : 'none';
}

function monthOf(name = ''): number {
  const lower = name.toLowerCase();
  return months.indexOf(lower === mayInLatin ? 'мая' : lower) + 1;
}

function kindOf(text: string, match: RegExpExecArray, above: Above): FieldName {
  const end = match.index + match[0].length;
  if (bornBehind.test(text.slice(end, end + 18))) return 'birth-date';
  const start = text.lastIndexOf('\n', match.index - 1) + 1;
  const all = text.slice(Math.max(0, match.index - reachLetters), match.index);
  const earlier = all.replace(earlierDate, '');
  if (lastDay.test(earlier) || lastOfSpan.test(all)) return 'valid-until';
  if (otherDay.test(earlier) || endOfSpan.test(all)) return 'date';
  if (term.test(earlier)) return 'valid-until';
  const onLine = earlier.slice(Math.max(0, earlier.length - (match.index - start)));
  const entry = licence.test(text) ? entries.find(([, number]) => number.test(onLine)) : undefined;
  if (entry !== undefined) return entry[0];
  return (
    lastCue(onLine) ??
    lastCue(above(match.index, end)) ??
    ofRow(text.slice(start, match.index)) ??
    lastCue(earlier) ??
    'date'
  );
}

/** In a row of a table a label stands once, before the first of its dates; nothing but dates is between. */
function ofRow(line: string): FieldName | undefined {
  const label = line.replace(/(?:\d\d[./]\d\d[./]\d{4}[\s|]*)+$/u, '');
  return label !== line && !/\d{4}/.test(label) ? lastCue(label) : undefined;
}

function lastCue(text: string): FieldName | undefined {
  let last: { name: FieldName; end: number } | undefined;
  for (const [name, words] of cues)
    for (const match of text.matchAll(words)) {
      const end = match.index + match[0].length;
      if (last === undefined || end >= last.end) last = { name, end };
    }
  return last?.name;
}
