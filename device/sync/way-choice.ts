import type { Clock } from '../../platform/clock.ts';
import type { ContentWay } from './content-way.ts';

/** After so many tries in a row that brought nothing, another way is taken. */
const failuresAllowed = 2;
/** A way that failed is tried again after so long, and after longer each time. */
const againMs = { first: 60_000, last: 10 * 60_000 };

/** Which way content takes now: the first that is not known to be closed. */
export interface WayChoice {
  current(): ContentWay;
  /** Content got through. */
  worked(way: ContentWay): void;
  /** A try brought nothing at all. */
  failed(way: ContentWay): void;
}

export function createWayChoice(ways: readonly ContentWay[], clock: Clock): WayChoice {
  const open = () => ({ failures: 0, waitMs: againMs.first, closedUntilMs: Number.NEGATIVE_INFINITY });
  const known = new Map(ways.map(way => [way, open()]));

  return {
    current() {
      const nowMs = clock.monotonicMs();
      const [first, ...others] = [...known].toSorted(
        // When all are closed, the one that has been longest; `toSorted` keeps the order of equals.
        ([, a], [, b]) => Math.max(a.closedUntilMs, nowMs) - Math.max(b.closedUntilMs, nowMs),
      );
      if (!first) throw new RangeError(`no way among ${others.length}`);
      return first[0];
    },
    worked(way) {
      known.set(way, open());
    },
    failed(way) {
      const state = known.get(way);
      if (!state || ++state.failures < failuresAllowed) return;
      state.closedUntilMs = clock.monotonicMs() + state.waitMs;
      state.waitMs = Math.min(2 * state.waitMs, againMs.last);
    },
  };
}
