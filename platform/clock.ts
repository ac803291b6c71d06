/** Time as the program sees it; injected so that tests own it. */
export interface Clock {
  /** Wall clock. Never used for order or durations (DESIGN section 7). */
  now(): Date;
  /** Milliseconds that only grow. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** Making a format costs more than issuing a ticket; a branch has one zone. */
const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** Day of the branch, YYYY-MM-DD, in its own zone (F09: Russia has eleven). */
export function businessDay(at: Date, timeZone: string): string {
  let format = dayFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    dayFormats.set(timeZone, format);
  }
  return format.format(at);
}
