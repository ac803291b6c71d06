import { setTimeout as sleep } from 'node:timers/promises';
import { createPace, type RoundTrip } from './pace.ts';

/** Lets bytes out no faster than the line takes them, so that small messages do not stand in its queue. */
export interface Pacer {
  /** Resolves when so many bytes may go. */
  take(bytes: number): Promise<void>;
  /** Looks at the line while `work` is under way. */
  during<T>(work: () => Promise<T>): Promise<T>;
  stop(): void;
}

const pingEveryMs = 100;
/** Round trips at once: one of them may stand behind a lost packet, and must not blind us. */
const pingsAtOnce = 2;
/** After such a rest the line is a stranger again. */
const forgetAfterMs = 60_000;

/** `ping` makes one round trip beside the content; `onStuck` makes the connections of content anew. */
export function createPacer(ping: () => Promise<RoundTrip>, onStuck: () => void): Pacer {
  const pace = createPace();
  let tokens = 0;
  let filledAtMs = Number.NEGATIVE_INFINITY;
  let turn: Promise<void> = Promise.resolve();
  let working = 0;
  let pings = 0;
  let timer: NodeJS.Timeout | undefined;

  async function wait(bytes: number): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - filledAtMs > forgetAfterMs) {
      pace.restart(nowMs);
      [tokens, filledAtMs] = [0, nowMs];
    }
    const rate = pace.bytesPerSecond();
    // What was not used for a moment is gone: a burst would be a queue.
    tokens = Math.min(tokens + ((nowMs - filledAtMs) * rate) / 1000, rate / 50);
    filledAtMs = nowMs;
    tokens -= bytes;
    pace.sent(bytes);
    if (tokens < 0) await sleep((-tokens * 1000) / rate);
  }

  function look(): void {
    if (pings >= pingsAtOnce) return;
    pings++;
    // A line that is down is seen by the transfers.
    ping()
      .then(
        trip => {
          const nowMs = performance.now();
          pace.heard(trip, nowMs);
          if (!pace.isStuck(nowMs)) return;
          pace.restart(nowMs);
          onStuck();
        },
        () => {},
      )
      .finally(() => pings--);
  }

  return {
    take(bytes) {
      const mine = turn.then(() => wait(bytes));
      turn = mine;
      return mine;
    },
    async during(work) {
      working++;
      if (!timer) {
        look();
        timer = setInterval(look, pingEveryMs);
      }
      try {
        return await work();
      } finally {
        if (--working === 0) this.stop();
      }
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
