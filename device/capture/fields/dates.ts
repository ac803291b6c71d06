import type { FieldName } from '../../../protocol/field-titles.ts';
import { type Built, before, type Check, type Finding, findAll } from './finding.ts';
import { readOrdinal } from './numerals.ts';

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
const monthNames = months.join('|');

const figures = /(?<![\d.])(?<day>\d{2})[./](?<month>\d{2})[./](?<year>\d{4})(?!\d)/g;
const named = new RegExp(
  `(?<!\\d)[«"]?(?<day>\\d{1,2})[»"]? (?<name>${monthNames}) (?<year>\\d{4})(?!\\d)`,
  'giu',
);
/** «двенадцатое марта две тысячи двадцать шестого года». */
const inWords = new RegExp(
  `(?<!\\p{L})(?<day>(?:двадцать\\s|тридцать\\s)?\\p{L}{5,16})\\s(?<name>${monthNames})\\s(?<year>(?:\\p{L}+\\s){1,5}?)года?(?!\\p{L})`,
  'giu',
);

/** What stands around a date says which one it is. */
const kinds: [name: FieldName, before: RegExp][] = [
  ['birth-date', /(?:рожд|born|birth)[^\d]*$/iu],
  ['valid-until', /(?:действ\p{L}*|срок\p{L}*|годен|годна)(?:\s+\p{L}+){0,3}\s+(?:до|по)[^\d\n]{0,6}$/iu],
  ['issue-date', /(?:дата выдачи|выдан\p{L}*)[^\d]{0,20}$/iu],
];

/**
 * Dates in figures, with the month's name or in words, given as `01.02.2026`. A day that no calendar has, and
 * a birth or an issue after `asOf`, is kept and marked `failed`: the clerk sees what was misread.
 */
export function findDates(text: string, asOf: Date): Finding[] {
  const build = (match: RegExpExecArray, day: number, month: number, year: number): Built => {
    const name = kindOf(text, match);
    return { name, value: formatDay(year, month, day), check: judge(name, year, month, day, asOf) };
  };
  return [
    ...findAll(text, figures, match => {
      const { day, month, year } = match.groups ?? {};
      return build(match, Number(day), Number(month), Number(year));
    }),
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
}

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

const monthOf = (name: string | undefined) => months.indexOf((name ?? '').toLowerCase()) + 1;

function kindOf(text: string, match: RegExpExecArray): FieldName {
  const end = match.index + match[0].length;
  if (/^[ ,]*(?:г\.?|года?)? ?р(?:ожд|\.)/iu.test(text.slice(end, end + 16))) return 'birth-date';
  return kinds.find(([, cue]) => cue.test(before(text, match.index, 60)))?.[0] ?? 'date';
}
