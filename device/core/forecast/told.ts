import type { Wait } from '../../../protocol/api/wait.ts';
import { quantile } from './sliced.ts';

/** What a person is told, seconds, and what it was made of. */
export interface Told {
  fromSeconds: number;
  toSeconds: number;
  /** Median of the forecast: half of the people are called earlier. */
  usualSeconds: number;
}

/** Shares of waits that ought to end before what is told begins, and before it ends. */
export const earlierShare = 0.03;
export const withinShare = 0.83;

/**
 * Keeps the promise honest: stretches or shrinks what the replay says by what became of earlier promises of
 * this hall (quantile tracking, Angelopoulos et al. 2023), so that four waits of five lie inside what was told.
 */
export interface Telling {
  /** Undefined: nearly surely called at once. */
  tell(waits: Float64Array): Told | undefined;
  /** What became of something told. Each once, in any order. */
  learn(told: Told, waitedSeconds: number): void;
}

const step = 0.06;
const narrowest = -4;
const widest = 8;
/** On the first day less is known than the replay thinks. */
const firstLater = 1.1;

export function createTelling(): Telling {
  let later = firstLater;
  let earlier = 1;

  return {
    tell(waits) {
      if (quantile(waits, withinShare) <= 0) return undefined;
      const usualSeconds = middle(waits);
      const spread = 5 + 0.02 * usualSeconds;
      const up = Math.max(quantile(waits, withinShare) - usualSeconds, spread);
      const down = Math.max(usualSeconds - quantile(waits, earlierShare), spread);
      const toSeconds = nearest(usualSeconds + later * up);
      const fromSeconds = below(Math.max(0, usualSeconds - earlier * down), toSeconds);
      return { fromSeconds, toSeconds, usualSeconds };
    },
    learn({ fromSeconds, toSeconds }, waitedSeconds) {
      const isLate = waitedSeconds > toSeconds;
      later = stepped(later, (isLate ? 1 : 0) - (1 - withinShare));
      const isEarly = waitedSeconds < fromSeconds;
      earlier = stepped(earlier, (isEarly ? 1 : 0) - earlierShare);
    },
  };
}

/** Clerks need a moment to call, so nothing shorter is promised on paper. */
const shortestMinutes = 5;

/**
 * What is told, in whole minutes («до 5 минут», «10–25 минут»): never narrower than the range that is held to what
 * becomes of it. Undefined is somebody who is called at once.
 */
export function waitInWords(told: Pick<Told, 'fromSeconds' | 'toSeconds'> | undefined): Wait {
  const toMinutes = Math.max(shortestMinutes, Math.ceil((told?.toSeconds ?? 0) / 60));
  const fromMinutes = Math.floor((told?.fromSeconds ?? 0) / 60);
  return { fromMinutes: toMinutes === shortestMinutes ? 0 : fromMinutes, toMinutes };
}

/** Wide ranges are moved by larger steps. Below 0 the range ends before the replay's median, which then is far too long. */
const stepped = (factor: number, miss: number) =>
  Math.min(widest, Math.max(narrowest, factor + step * Math.max(1, Math.abs(factor)) * miss));

/** Times that can be said aloud, seconds: the steps grow with the wait. */
const ladder: readonly number[] = [
  10, 20, 30, 45, 60, 90, 120, 180, 240, 300, 360, 420, 480, 600, 720, 900, 1200, 1500, 1800, 2100, 2400,
  2700, 3000, 3600, 4200, 4800, 5400, 6300, 7200, 9000, 10_800, 12_600, 14_400,
];

function nearest(seconds: number): number {
  let best = ladder[0] ?? 0;
  for (const rung of ladder) if (Math.abs(rung - seconds) < Math.abs(best - seconds)) best = rung;
  // Beyond the ladder by whole hours.
  return seconds > 15_000 ? Math.round(seconds / 3600) * 3600 : best;
}

/** The rung at or below, and below the end of the range. */
function below(seconds: number, toSeconds: number): number {
  let best = 0;
  for (const rung of ladder) if (rung <= seconds && rung < toSeconds) best = rung;
  return best;
}

/** Median, from the middle quarter: with so few futures the very middle one is a matter of chance. */
function middle(waits: Float64Array): number {
  const [from, to] = [Math.floor(waits.length * 0.375), Math.ceil(waits.length * 0.625)];
  let sum = 0;
  for (let index = from; index < to; index++) sum += waits[index] ?? 0;
  return sum / (to - from);
}
