import type { Clock } from '../../platform/clock.ts';

/** Names that are counted at the same time; more are forgotten from the oldest on. */
const namesCounted = 10_000;

/** Counts wrong tries by name and forgets each after a while. In memory: a restart takes longer than it gives. */
export function createTryLimit(rule: { clock: Clock; tries: number; forgetMs: number }) {
  const wrong = new Map<string, number[]>();
  const recent = (name: string) => {
    const sinceMs = rule.clock.monotonicMs() - rule.forgetMs;
    return (wrong.get(name) ?? []).filter(atMs => atMs > sinceMs);
  };
  return {
    isSpent: (name: string): boolean => recent(name).length >= rule.tries,
    count(name: string): void {
      const times = [...recent(name), rule.clock.monotonicMs()];
      wrong.delete(name);
      wrong.set(name, times);
      const [oldest] = wrong.keys();
      if (wrong.size > namesCounted && oldest !== undefined) wrong.delete(oldest);
    },
  };
}
