import { before, type Finding, findAll } from './finding.ts';

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

/**
 * Dates in figures or with the month's name, given as `01.02.2026`. A day that no calendar has is kept and
 * marked `failed`: the clerk sees what was misread.
 */
export function findDates(text: string): Finding[] {
  const figures = /(?<![\d.])(?<day>\d{2})[./](?<month>\d{2})[./](?<year>\d{4})(?!\d)/g;
  const named = new RegExp(
    `(?<!\\d)[«"]?(?<day>\\d{1,2})[»"]? (?<name>${months.join('|')}) (?<year>\\d{4})(?!\\d)`,
    'giu',
  );
  return [figures, named].flatMap(expression =>
    findAll(text, expression, match => {
      const { day = '', month, name, year = '' } = match.groups ?? {};
      const monthNumber =
        month === undefined ? months.indexOf((name ?? '').toLowerCase()) + 1 : Number(month);
      const birth =
        /рожд[^\d]*$/iu.test(before(text, match.index, 60)) ||
        /^[ ,]*(?:г\.?|года?)? ?р(?:ожд|\.)/iu.test(
          text.slice(match.index + match[0].length, match.index + match[0].length + 16),
        );
      return {
        name: birth ? 'birth-date' : 'date',
        value: `${day.padStart(2, '0')}.${String(monthNumber).padStart(2, '0')}.${year}`,
        check: exists(Number(day), monthNumber, Number(year)) ? 'none' : 'failed',
      };
    }),
  );
}

function exists(day: number, month: number, year: number): boolean {
  if (year < 1900 || year > 2100) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
