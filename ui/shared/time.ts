import type { Wait } from '../../protocol/api/wait.ts';
import { type Language, localesOf } from './languages.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, timeZone: string, name: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${timeZone} ${name}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(localesOf(language), { timeZone, ...options });
    formats.set(key, made);
  }
  return made;
}

/** `14:05` in the branch's zone. */
export function clockTime(at: string | number, language: Language, timeZone: string): string {
  return format(language, timeZone, 'clock', { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

/** `12 мая, 14:05`; only `14:05` when it is today. */
export function dayAndTime(
  at: string | number,
  now: string | number,
  language: Language,
  timeZone: string,
): string {
  const time = clockTime(at, language, timeZone);
  const day = shortDay(at, language, timeZone);
  return day === shortDay(now, language, timeZone) ? time : `${day}, ${time}`;
}

function shortDay(at: string | number, language: Language, timeZone: string): string {
  return format(language, timeZone, 'day', { day: 'numeric', month: 'short' }).format(new Date(at));
}

/** `понедельник, 12 мая`. */
export function longDay(at: string | number, language: Language, timeZone: string): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  return format(language, timeZone, 'long', options).format(new Date(at));
}

/** `пн, 12 мая`, where many days stand side by side. */
export function briefDay(at: string | number, language: Language, timeZone: string): string {
  const options = { weekday: 'short', day: 'numeric', month: 'long' } as const;
  return format(language, timeZone, 'brief', options).format(new Date(at));
}

/** `12.05`, `12/05`: under a chart. */
export function dayOfMonth(at: string | number, language: Language, timeZone: string): string {
  return format(language, timeZone, 'month', { day: '2-digit', month: '2-digit' }).format(new Date(at));
}

/** `12.05.2027`, for dates of certificates. */
export function fullDay(at: string | number, language: Language, timeZone: string): string {
  const options = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;
  return format(language, timeZone, 'full', options).format(new Date(at));
}

/** Whole minutes that have passed, never negative: a page's clock may be behind the box's. */
export function minutesBetween(from: string | number, to: string | number): number {
  return Math.max(0, Math.floor((Date.parse(toIso(to)) - Date.parse(toIso(from))) / 60_000));
}

function toIso(at: string | number): string {
  return typeof at === 'number' ? new Date(at).toISOString() : at;
}

/** How a told wait is said: a range, never a point; up to five minutes is not split (ADR 42). */
export function waitPhrase(
  wait: Wait,
):
  | { kind: 'up-to'; minutes: number }
  | { kind: 'about'; minutes: number }
  | { kind: 'range'; from: number; to: number } {
  if (wait.toMinutes <= 5) return { kind: 'up-to', minutes: 5 };
  if (wait.fromMinutes >= wait.toMinutes) return { kind: 'about', minutes: wait.toMinutes };
  if (wait.fromMinutes <= 0) return { kind: 'up-to', minutes: wait.toMinutes };
  return { kind: 'range', from: wait.fromMinutes, to: wait.toMinutes };
}

/** Colour and word of a waiting time against the norm: amber from two thirds of it, red from the norm on. */
export function timerTone(minutes: number, normMinutes: number): 'calm' | 'attention' | 'trouble' {
  if (minutes >= normMinutes) return 'trouble';
  return minutes * 3 >= normMinutes * 2 ? 'attention' : 'calm';
}
