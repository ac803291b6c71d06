/** Whether those who just heard of their commit are worth waiting for with the next flush of the disk. */
export interface Company {
  /** Somebody in a hurry is here with something to be flushed. */
  came(): void;
  /** A flush ended: so many heard of it, and so many more wait for the next one. */
  flushed(tookMs: number, told: number, here: number): void;
  /** Milliseconds that the next flush should still be held back, when so many are here for it. */
  worthWaitingMs(here: number): number;
}

/** Weight of the newest interval between two arrivals. */
const freshness = 1 / 16;

/**
 * People at kiosks ask again as soon as they have their answer. When all of them are back sooner than a
 * flush lasts, one flush for everybody carries more than two for a half each; when they are slower, the
 * disk goes on at once and the two halves take turns. Somebody alone waits for nobody. (The idea of
 * PostgreSQL's `commit_delay`, with the delay measured instead of set.)
 */
export function createCompany(nowMs: () => number = () => performance.now()): Company {
  let expected = 1;
  let flushMs = 0;
  let flushedAtMs = Number.NEGATIVE_INFINITY;
  let cameAtMs = Number.NEGATIVE_INFINITY;
  /** Between two arrivals while there are any; the first of a flush is counted from the flush on. */
  let intervalMs = Number.POSITIVE_INFINITY;

  return {
    came() {
      const at = nowMs();
      if (flushMs === 0) return;
      // Longer than a flush is too long, however long: who comes back from a rest is soon known again.
      const sinceMs = Math.min(at - Math.max(cameAtMs, flushedAtMs), flushMs);
      intervalMs = Math.min(intervalMs, flushMs) * (1 - freshness) + sinceMs * freshness;
      cameAtMs = at;
    },
    flushed(tookMs, told, here) {
      [flushMs, flushedAtMs, expected] = [tookMs, nowMs(), told + here];
    },
    worthWaitingMs(here) {
      if (here >= expected || expected * intervalMs > flushMs) return 0;
      return Math.max(0, flushedAtMs + flushMs - nowMs());
    },
  };
}
