import type { Clock } from '../../platform/clock.ts';
import type { BoxState } from './box-state.ts';
import type { Journal } from './journal.ts';

export type ClockQuality = 'trusted' | 'untrusted';

/** What is known of the present without the wall clock (ADR 52). */
export interface Present {
  /** The present as the centre told it in this run, or else the earliest that it can be; ms since 1970. */
  ms: number;
  isTold: boolean;
}

export interface ClockTrust {
  /** Whether the wall clock can be believed at this moment. */
  quality(): ClockQuality;
  /** What certificates of the centre are judged by where the wall clock cannot be believed. */
  present(): Present;
  /**
   * What the day of the branch goes by: the wall clock, unless it is known to be wrong. A box that wakes up in 1970
   * or 2099 must not begin the numbers of another day while people wait, nor call everybody who is booked missed (F07).
   */
  calendar: Clock;
  /** The centre told its time, ISO 8601: the only word that mends a clock that was doubted. */
  centreSaid(at: string): void;
  /** Keeps the floor in the journal's database from now on. */
  keepIn(journal: Journal): void;
}

/** Wall and monotonic clock may part by so much between two looks; more is a clock that was set (F08). */
const jumpMs = 60_000;
/** The centre's time travels, and clocks of branches run apart. */
const agreeMs = 5 * 60_000;
/** A box that lay in a store for longer asks the centre before it believes its clock (2099, F07). */
const longestAbsenceMs = 400 * 86_400_000;
/** Floor and told time are written when they moved by so much: flash wears (F05). */
const keptEveryMs = 60 * 60_000;

/**
 * Trust in the wall clock. A floor that only rises under a trusted clock, and survives
 * restarts, tells a clock that fell back (F06, F07); the monotonic clock tells one that was set while the
 * program ran (F08). A doubted clock stays doubted until the centre's time agrees with it: order and
 * durations never depended on it.
 */
export function createClockTrust(parts: {
  clock: Clock;
  state: BoxState;
  /** When this program was made: no clock can be right that says earlier. */
  builtAt: string;
  /** Time of the newest fact that was written under a trusted clock. */
  newestFactAt: string | undefined;
}): ClockTrust {
  const { clock, state } = parts;
  const known = [parts.builtAt, parts.newestFactAt, state.get('time-floor')].map(at => Date.parse(at ?? ''));
  let floorMs = Math.max(...known.filter(ms => !Number.isNaN(ms)));
  /** When the floor was told to be the present, by the clock that only grows. */
  let floorAtMs = clock.monotonicMs();
  let keptMs = floorMs;
  // Only what the centre said: a clock that runs ahead raises the floor, and must not outlive a certificate.
  let told: { ms: number; monotonicMs: number } | undefined;
  const toldBefore = [parts.builtAt, state.get('time-told')].map(at => Date.parse(at ?? ''));
  const earliestMs = Math.max(...toldBefore.filter(ms => !Number.isNaN(ms)));
  let keptToldMs = earliestMs;
  let doubted = false;
  let confirmed = false;
  let looked = look();
  let journal: Journal | undefined;

  function look() {
    return { wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs() };
  }

  function present(): Present {
    return told
      ? { ms: told.ms + clock.monotonicMs() - told.monotonicMs, isTold: true }
      : { ms: earliestMs, isTold: false };
  }

  function isToBeKept(): boolean {
    const risen = floorMs - keptMs >= keptEveryMs;
    return risen || Math.abs(present().ms - keptToldMs) >= keptEveryMs;
  }

  function keep(): void {
    keptMs = floorMs;
    keptToldMs = present().ms;
    const values = [
      ['time-floor', floorMs],
      ['time-told', keptToldMs],
    ] as const;
    const write = () => {
      for (const [key, ms] of values) state.set(key, new Date(ms).toISOString());
    };
    // They are written again by themselves when the disk has room; nothing rests on this very write.
    journal?.commit([], write, 'lazily').catch(() => {});
  }

  function quality(): ClockQuality {
    const now = look();
    const drift = now.wallMs - looked.wallMs - (now.monotonicMs - looked.monotonicMs);
    if (Math.abs(drift) > jumpMs) {
      doubted = true;
      confirmed = false;
    }
    looked = now;
    const isPlausible =
      now.wallMs >= floorMs - jumpMs && (confirmed || now.wallMs <= floorMs + longestAbsenceMs);
    if (doubted || !isPlausible) return 'untrusted';
    if (now.wallMs > floorMs) [floorMs, floorAtMs] = [now.wallMs, now.monotonicMs];
    return 'trusted';
  }

  function calendarMs(): number {
    const isTrusted = quality() === 'trusted';
    const { wallMs, monotonicMs } = look();
    if (isTrusted) return wallMs;
    if (told) return present().ms;
    const earliestMs = floorMs + monotonicMs - floorAtMs;
    return wallMs >= earliestMs && wallMs <= floorMs + longestAbsenceMs ? wallMs : earliestMs;
  }

  return {
    quality() {
      const answer = quality();
      if (isToBeKept()) {
        // The journal asks while it writes: this write must come after it, and be the only one.
        [keptMs, keptToldMs] = [floorMs, present().ms];
        queueMicrotask(keep);
      }
      return answer;
    },
    present,
    calendar: { now: () => new Date(calendarMs()), monotonicMs: () => clock.monotonicMs() },
    centreSaid(at) {
      const centreMs = Date.parse(at);
      told = { ms: centreMs, monotonicMs: clock.monotonicMs() };
      quality();
      confirmed = Math.abs(clock.now().getTime() - centreMs) <= agreeMs;
      doubted = !confirmed;
      // A floor that rose under a clock far ahead would doubt the right time for ever.
      if (confirmed || floorMs > centreMs + agreeMs) [floorMs, floorAtMs] = [centreMs, clock.monotonicMs()];
      if (Math.abs(floorMs - keptMs) >= keptEveryMs || isToBeKept()) keep();
    },
    keepIn(kept) {
      journal = kept;
    },
  };
}
