/** How the moments of a file are written: as dates, as times of an unnamed day, or as seconds from some start. */
export interface Moment {
  seconds: number;
  kind: 'date' | 'clock' | 'count';
}

/** Which part of 03/04/2026 is the day. */
export type DayOrder = 'day-first' | 'month-first';

const dateFirst =
  /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T\s]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}(?:[.,]\d+)?))?\s*([ap]\.?m\.?)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const dayFirst =
  /^(\d{1,2})[-./](\d{1,2})[-./](\d{2,4})(?:[T\s,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}(?:[.,]\d+)?))?\s*([ap]\.?m\.?)?)?$/i;
const compact = /^(\d{4})(\d{2})(\d{2})[T\s]?(\d{2})(\d{2})(\d{2})?$/;
const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*([ap]\.?m\.?)?$/i;
const daysBefore = /^(\d+)[\s.]+(?:days?,?\s+|д\.?\s+)?(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)$/i;

/**
 * A moment as logs write it: ISO 8601, 22.11.2026 09:01, 11/22/2026 9:01 AM, 09:01:30, seconds since a start or since
 * 1970 (also in ms). Wall-clock time is kept as it is written: an offset is left out, so that nine in the morning
 * stays nine. Undefined when it is none of these.
 */
export function readMoment(text: string, order: DayOrder = 'day-first'): Moment | undefined {
  const trimmed = text.trim();
  const iso = dateFirst.exec(trimmed) ?? compact.exec(trimmed);
  if (iso) return dateOf(iso[1], iso[2], iso[3], iso.slice(4));
  const local = dayFirst.exec(trimmed);
  if (local) {
    const [day, month] = order === 'day-first' ? [local[1], local[2]] : [local[2], local[1]];
    const year = local[3] ?? '';
    return dateOf(year.length === 2 ? `20${year}` : year, month, day, local.slice(4));
  }
  const time = clock.exec(trimmed);
  if (time) {
    const seconds = secondsOfDay(time.slice(1));
    return seconds === undefined ? undefined : { seconds, kind: 'clock' };
  }
  const later = daysBefore.exec(trimmed);
  const rest = later && readMoment(later[2] ?? '');
  if (later && rest) return { seconds: Number(later[1]) * 86_400 + rest.seconds, kind: 'count' };
  const value = readNumber(trimmed);
  if (value === undefined || value < 0) return undefined;
  // Seconds since 1970 have ten digits these days, milliseconds thirteen, microseconds sixteen.
  const seconds = value >= 1e15 ? value / 1e6 : value >= 1e11 ? value / 1e3 : value;
  return { seconds, kind: value >= 1e8 ? 'date' : 'count' };
}

/** A number with a point or a decimal comma; spaces between thousands are left out. */
export function readNumber(text: string): number | undefined {
  const plain = text.replace(/[\s\u00a0']/g, '').replace(/,(?=\d+$)/, '.');
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : undefined;
}

/** Seconds, as a number or as H:MM:SS or M:SS; a letter for the unit is understood. Undefined when it is neither. */
export function readDuration(text: string): number | undefined {
  const parts = text.trim().split(':').map(readNumber);
  if (parts.length > 1 && parts.length < 4 && parts.every(part => part !== undefined))
    return parts.reduce<number>((sum, part) => sum * 60 + (part ?? 0), 0);
  const unit = /^([-+\d.,\s]+)\s*(s|sec|seconds?|с|сек|min|minutes?|m|мин|h|ч)?\.?$/i.exec(text.trim());
  const value = readNumber(unit?.[1] ?? text);
  if (value === undefined) return undefined;
  const name = unit?.[2]?.toLowerCase() ?? 's';
  return value * (name.startsWith('m') || name === 'мин' ? 60 : name === 'h' || name === 'ч' ? 3600 : 1);
}

/** Which order of day and month all dates of a column allow; day first when both do. */
export function dayOrderOf(texts: Iterable<string>): DayOrder {
  for (const text of texts) {
    const parts = dayFirst.exec(text.trim());
    if (!parts) continue;
    if (Number(parts[1]) > 12) return 'day-first';
    if (Number(parts[2]) > 12) return 'month-first';
  }
  return 'day-first';
}

type Part = string | undefined;

function dateOf(year: Part, month: Part, day: Part, time: readonly Part[]): Moment | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const midnight = Date.UTC(y, m - 1, d) / 1000;
  const seconds = time[0] === undefined ? 0 : secondsOfDay(time);
  if (m < 1 || m > 12 || d < 1 || d > 31 || seconds === undefined || Number.isNaN(midnight)) return undefined;
  return { seconds: midnight + seconds, kind: 'date' };
}

function secondsOfDay([hour, minute, second, half]: readonly Part[]): number | undefined {
  const [m, s] = [Number(minute ?? 0), Number((second ?? '0').replace(',', '.'))];
  let h = Number(hour);
  if (half) h = (h % 12) + (/^p/i.test(half) ? 12 : 0);
  return h > 47 || m > 59 || s >= 61 ? undefined : h * 3600 + m * 60 + s;
}
