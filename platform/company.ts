/** Whether those who just heard of their commit are worth waiting for with the next flush of the disk. */
export interface Company {
  /** Somebody in a hurry is here with something to be flushed. */
  came(): void;
  /** A flush ended: so many heard of it, and so many more wait for the next one. */
  flushed(tookMs: number, told: number, here: number): void;
  /** Milliseconds that the next flush should still be held back, when so many are here for it. */
  worthWaitingMs(here: number): number;
}

/** What each arrival leaves of what was known before it. */
const memory = 15 / 16;

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
  /** Since the last flush ended. */
  let arrivals = 0;
  let cameAtMs = Number.NEGATIVE_INFINITY;
  /** What one person more takes, from the end of a flush until the last one is back: answering is a part of it. */
  let eachMs = Number.POSITIVE_INFINITY;

  return {
    came() {
      arrivals++;
      cameAtMs = nowMs();
    },
    flushed(tookMs, told, here) {
      if (arrivals > 0 && flushMs > 0) {
        // Longer than a flush is too long, however long: who comes back from a rest is soon known again.
        const newestMs = Math.min((cameAtMs - flushedAtMs) / arrivals, flushMs);
        const old = memory ** arrivals;
        eachMs = Math.min(eachMs, flushMs) * old + newestMs * (1 - old);
      }
      [flushMs, flushedAtMs, expected, arrivals] = [tookMs, nowMs(), told + here, 0];
    },
    worthWaitingMs(here) {
      if (here >= expected || expected * eachMs > flushMs) return 0;
      return Math.max(0, flushedAtMs + flushMs - nowMs());
    },
  };
}
