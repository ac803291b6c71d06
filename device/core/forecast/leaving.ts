import { sliceAt } from './draws.ts';
import { exponentialSlices } from './sliced.ts';

/** When people leave a line without being served, as a hazard that grows with the wait. */
export interface Leaving {
  /** Somebody waited so long, and then left or was called. */
  learn(waitedSeconds: number, left: boolean): void;
  /** Hazard that has gathered after a wait; whoever waits from a to b stays with probability exp(−(H(b) − H(a))). */
  hazard(waitedSeconds: number): number;
}

const edges = [0, 15, 30, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 1920, 2880, 3840, 5760, 11_520];
/** Old days count less: when so many people have been seen, all counts are halved. */
const remembered = 20_000;

export function createLeaving(): Leaving {
  const left = edges.map(() => 0);
  const exposure = edges.map(() => 0);
  const gathered = edges.map(() => 0);
  let seen = 0;
  let isStale = false;
  let hasLeavers = false;

  const widthOf = (bin: number) => (edges[bin + 1] ?? Number.POSITIVE_INFINITY) - (edges[bin] ?? 0);
  const rate = (bin: number) => {
    const time = exposure[bin] ?? 0;
    return time > 0 ? (left[bin] ?? 0) / time : 0;
  };
  function gather(): void {
    isStale = false;
    for (let bin = 1; bin < edges.length; bin++)
      gathered[bin] = (gathered[bin - 1] ?? 0) + rate(bin - 1) * widthOf(bin - 1);
  }
  function binOf(seconds: number): number {
    let bin = 0;
    while (bin + 1 < edges.length && seconds >= (edges[bin + 1] ?? 0)) bin++;
    return bin;
  }

  return {
    learn(waitedSeconds, hasLeft) {
      isStale = true;
      hasLeavers ||= hasLeft;
      const last = binOf(waitedSeconds);
      for (let bin = 0; bin <= last; bin++)
        exposure[bin] = (exposure[bin] ?? 0) + Math.min(widthOf(bin), waitedSeconds - (edges[bin] ?? 0));
      if (hasLeft) left[last] = (left[last] ?? 0) + 1;
      if (++seen < remembered) return;
      seen /= 2;
      for (let bin = 0; bin < edges.length; bin++) {
        left[bin] = (left[bin] ?? 0) / 2;
        exposure[bin] = (exposure[bin] ?? 0) / 2;
      }
    },
    hazard(waitedSeconds) {
      if (!hasLeavers) return 0;
      if (isStale) gather();
      const bin = binOf(waitedSeconds);
      return (gathered[bin] ?? 0) + rate(bin) * (waitedSeconds - (edges[bin] ?? 0));
    },
  };
}
/** Hazard that a person of this future bears before leaving. */
export const staysUntil = (position: number, future: number) =>
  exponentialSlices[sliceAt(position, future)] ?? 0;
