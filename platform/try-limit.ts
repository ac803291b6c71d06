import type { Clock } from './clock.ts';

/** How often one address may guess wrong. */
export interface TryLimit {
  /** Whether this one must wait. */
  isSpent(who: string): boolean;
  wrong(who: string): void;
}

/** At most `tries` wrong guesses in `windowMs` by each; the longest silent are forgotten beyond `kept` addresses. */
export function createTryLimit(clock: Clock, { tries = 10, windowMs = 60_000, kept = 1000 } = {}): TryLimit {
  const wrongs = new Map<string, number[]>();
  const recent = (who: string) => {
    const since = clock.monotonicMs() - windowMs;
    return (wrongs.get(who) ?? []).filter(atMs => atMs > since);
  };
  return {
    isSpent: who => recent(who).length >= tries,
    wrong(who) {
      const list = [...recent(who), clock.monotonicMs()];
      wrongs.delete(who);
      wrongs.set(who, list);
      const [oldest] = wrongs.keys();
      if (wrongs.size > kept && oldest !== undefined) wrongs.delete(oldest);
    },
  };
}
