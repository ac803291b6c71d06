import type { Clock } from './clock.ts';

/** How often one address may try. */
export interface TryLimit {
  /** Whether this one must wait. */
  isSpent(who: string): boolean;
  count(who: string): void;
}

/** At most `tries` counted tries in `windowMs` by each; the longest silent are forgotten beyond `kept` addresses. */
export function createTryLimit(clock: Clock, { tries = 10, windowMs = 60_000, kept = 1000 } = {}): TryLimit {
  const counted = new Map<string, number[]>();
  const recent = (who: string) => {
    const since = clock.monotonicMs() - windowMs;
    return (counted.get(who) ?? []).filter(atMs => atMs > since);
  };
  return {
    isSpent: who => recent(who).length >= tries,
    count(who) {
      const list = [...recent(who), clock.monotonicMs()];
      counted.delete(who);
      counted.set(who, list);
      const [oldest] = counted.keys();
      if (counted.size > kept && oldest !== undefined) counted.delete(oldest);
    },
  };
}
