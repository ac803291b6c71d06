import type { Clock } from '../../platform/clock.ts';

/**
 * Time as the hub told it last, carried on by the clock that only grows; the station's own before it did. A kiosk
 * whose clock says 1970 would else lease numbers of days that the hub does not know, and its people would seem to
 * have waited for a day (F07).
 */
export interface HubTime extends Clock {
  /** The hub's time is this now, ISO 8601. */
  told(at: string): void;
  /** Whether the hub told its time since this program started. */
  isTold(): boolean;
}

export function followHubTime(own: Clock): HubTime {
  let known: { ms: number; atMs: number } | undefined;
  return {
    now: () => (known ? new Date(known.ms + own.monotonicMs() - known.atMs) : own.now()),
    monotonicMs: () => own.monotonicMs(),
    isTold: () => known !== undefined,
    told(at) {
      const ms = Date.parse(at);
      // A hub of another version may not say it (F23).
      if (!Number.isNaN(ms)) known = { ms, atMs: own.monotonicMs() };
    },
  };
}
