/** Time as the program sees it; injected so that tests own it. */
export interface Clock {
  /** Wall clock. Never used for order or durations. */
  now(): Date;
  /** Milliseconds that only grow. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** Every zone is a whole number of quarters of an hour away from UTC, so a day lasts at least one of them. */
const quarterMs = 15 * 60_000;
const kept = new Map<string, { format: Intl.DateTimeFormat; quarter: number; day: string }>();

/** Day of the branch, YYYY-MM-DD, in its own zone (F09: Russia has eleven). */
export function businessDay(at: Date, timeZone: string): string {
  const quarter = Math.floor(at.getTime() / quarterMs);
  let zone = kept.get(timeZone);
  if (!zone) {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    zone = { format, quarter: Number.NaN, day: '' };
    kept.set(timeZone, zone);
  }
  // Every new number asks, and asking the format costs more than writing a row.
  if (zone.quarter !== quarter) Object.assign(zone, { quarter, day: zone.format.format(at) });
  return zone.day;
}
