import Type, { type Static } from 'typebox';

/**
 * How long content of a service is kept after its result was handed out: an ISO 8601 duration in years or days,
 * or for good. Days and years are those of the calendar of the region.
 */
export const Retention = Type.String({ pattern: '^(permanent|P[1-9]\\d{0,2}Y|P[1-9]\\d{0,4}D)$' });
export type Retention = Static<typeof Retention>;

/** LED-3.10: unchanged for at least a year after the hand-out; what a register leaves open is kept so long. */
export const shortestRetention: Retention = 'P1Y';

/**
 * The last day (YYYY-MM-DD) on which content must be here when its result was handed out on `day`; null when it
 * is kept for good. Never less than a year, whatever the register says (LED-3.10).
 */
export function lastDayOf(retention: Retention, day: string): string | null {
  const [, count, unit] = /^P(\d+)([YD])$/.exec(retention) ?? [];
  if (count === undefined) return null;
  const said = unit === 'Y' ? yearsAfter(day, Number(count)) : daysAfter(day, Number(count));
  const isTooShort = said < yearsAfter(day, 1);
  return isTooShort ? yearsAfter(day, 1) : said;
}

const daysAfter = (day: string, count: number) =>
  new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);

/** Of 29 February, 1 March: a day longer rather than one too short. */
function yearsAfter(day: string, count: number): string {
  const date = new Date(day);
  date.setUTCFullYear(date.getUTCFullYear() + count);
  return date.toISOString().slice(0, 10);
}
