import { minutesOf } from '../protocol/appointments/timetable.ts';

/** What clocks on the wall of a zone show, as if they stood in UTC; to the second. */
function wallMs(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  } as const).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find(part => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** Minutes of the zone ahead of UTC at a moment. */
const offsetMinutes = (at: Date, timeZone: string) =>
  Math.round((wallMs(at, timeZone) - Math.floor(at.getTime() / 1000) * 1000) / 60_000);

/** Minute of the day that clocks of a zone show, 0–1439. */
export const wallMinute = (at: Date, timeZone: string): number =>
  Math.floor(wallMs(at, timeZone) / 60_000) % 1440;

/**
 * The moment at which a clock on the wall of a zone shows `time` (HH:MM) on `day` (YYYY-MM-DD). A time that
 * the clock skips is taken as if it had not been put forward; one that comes twice is the first.
 */
export function momentOf(day: string, time: string, timeZone: string): Date {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minutesOf(time) * 60_000;
  const dayMs = 86_400_000;
  const [before, after] = [asUtc - dayMs, asUtc + dayMs].map(ms => offsetMinutes(new Date(ms), timeZone));
  for (const offset of [before ?? 0, after ?? 0]) {
    const at = new Date(asUtc - offset * 60_000);
    if (offsetMinutes(at, timeZone) === offset) return at;
  }
  return new Date(asUtc - (before ?? 0) * 60_000);
}
