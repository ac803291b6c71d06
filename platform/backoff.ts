/**
 * Waits between tries with decorrelated jitter: each is random between the base and three times the
 * last one, up to a ceiling, so that a thousand boxes never come back in step (F17).
 */
export interface Backoff {
  /** Milliseconds to wait before the next try. */
  next(): number;
  /** Call after a try that lasted; a short-lived success must not reset (F16). */
  reset(): void;
}

export function createBackoff(
  baseMs: number,
  ceilingMs: number,
  random: () => number = Math.random,
): Backoff {
  let last = baseMs;
  return {
    next() {
      last = Math.min(ceilingMs, baseMs + random() * (last * 3 - baseMs));
      return last;
    },
    reset() {
      last = baseMs;
    },
  };
}
