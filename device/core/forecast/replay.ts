import { futures, sliceAt } from './draws.ts';
import type { Leaving } from './leaving.ts';
import { staysUntil } from './leaving.ts';
import type { ServiceTimes } from './service-times.ts';

/** A window as it stands now. Seconds count from now. */
export interface WindowNow {
  clerk: string;
  /** The visit that is at it. */
  busy?: { service: string; elapsedSeconds: number };
  /** Breaks, closing, or the time until it opens: nobody is called within. Ascending, apart from each other. */
  off?: readonly { fromSeconds: number; toSeconds: number }[];
  /** Whether it takes a service; undefined takes all. */
  serves?: (service: string) => boolean;
}

/** Somebody in the line. Seconds count from now. */
export interface Ahead {
  service: string;
  waitedSeconds: number;
  /** When they are to be called at the latest; who is due earlier is called earlier. */
  dueSeconds: number;
}

/** Somebody with an appointment who has not come yet. */
export interface Booked {
  service: string;
  inSeconds: number;
  dueSeconds: number;
}

export interface Knowledge {
  times: ServiceTimes;
  leaving: Leaving;
  /** Share of called people who do not come, and how long a window waits for them. */
  noShow: { share: number; seconds: number };
}

/** Futures of a hall, carried on person by person. */
export interface Replay {
  /** The next person in the order of calling takes a window. */
  serve(person: Ahead): void;
  /** Seconds until somebody who comes behind all of them is called: one per future, ascending. */
  waits(service: string, dueSeconds: number): Float64Array;
}

/** A window that is shut for good is free after this: a forecast has to be a number. */
const longestSeconds = 12 * 3600;

/**
 * Plays the hall forward in `futures` futures at once: each person goes to the window that is free first
 * and serves their purpose, which is what calling in order comes to. Windows finish whom they serve before a
 * break. People with an appointment who have come
 * and are due earlier take a window before the line does. With no window that serves a purpose,
 * all of them are taken to.
 */
export function startReplay(
  windows: readonly WindowNow[],
  booked: readonly Booked[],
  { times, leaving, noShow }: Knowledge,
): Replay {
  const count = Math.max(1, windows.length);
  const freeAt = new Float64Array(count * futures);
  const paces = windows.map(({ clerk }) => times.pace(clerk));
  const due = new Int32Array(futures);
  const capable = new Map<string, readonly number[]>();
  const all = Array.from({ length: count }, (_, index) => index);
  let position = 0;

  windows.forEach(({ busy }, index) => {
    const pace = paces[index] ?? 1;
    const rest = busy && times.rest(busy.service, busy.elapsedSeconds / pace);
    for (let future = 0; future < futures; future++)
      freeAt[future * count + index] = afterBreaks(index, rest ? rest(sliceAt(position, future)) * pace : 0);
    position++;
  });

  function afterBreaks(index: number, seconds: number): number {
    let free = seconds;
    for (const { fromSeconds, toSeconds } of windows[index]?.off ?? [])
      if (free >= fromSeconds && free < toSeconds) free = toSeconds;
    return free;
  }

  function windowsFor(service: string): readonly number[] {
    let known = capable.get(service);
    if (!known) {
      known = all.filter(index => windows[index]?.serves?.(service) ?? true);
      if (known.length === 0) known = all;
      capable.set(service, known);
    }
    return known;
  }

  function firstFree(future: number, able: readonly number[]): number {
    const base = future * count;
    let first = able[0] ?? 0;
    let least = freeAt[base + first] ?? 0;
    for (let at = 1; at < able.length; at++) {
      const index = able[at] ?? 0;
      const seconds = freeAt[base + index] ?? 0;
      if (seconds < least) {
        least = seconds;
        first = index;
      }
    }
    return first;
  }

  function take(future: number, index: number, fromSeconds: number, seconds: number): void {
    freeAt[future * count + index] = afterBreaks(index, fromSeconds + seconds);
  }

  const comes = (at: number, future: number) => {
    // A second, independent slice: whether somebody comes says nothing about how long they need.
    return sliceAt(at + 97, future) >= noShow.share * futures;
  };

  /** Window that is free first once those with an appointment who are due earlier have theirs. */
  function nextWindow(future: number, able: readonly number[], dueSeconds: number): number {
    for (;;) {
      const index = firstFree(future, able);
      const seconds = freeAt[future * count + index] ?? 0;
      const next = booked[due[future] ?? 0];
      if (!next || next.inSeconds > seconds || next.dueSeconds >= dueSeconds) return index;
      const at = 7919 + (due[future] ?? 0);
      due[future] = (due[future] ?? 0) + 1;
      const theirs = firstFree(future, windowsFor(next.service));
      const from = Math.max(freeAt[future * count + theirs] ?? 0, next.inSeconds);
      if (!comes(at, future)) continue;
      const visit = times.visit(next.service)[sliceAt(at, future)] ?? 0;
      take(future, theirs, from, visit * (paces[theirs] ?? 1));
    }
  }

  return {
    serve({ service, waitedSeconds, dueSeconds }) {
      const visit = times.visit(service);
      const able = windowsFor(service);
      const borne = leaving.hazard(waitedSeconds);
      for (let future = 0; future < futures; future++) {
        const index = nextWindow(future, able, dueSeconds);
        const from = freeAt[future * count + index] ?? 0;
        if (leaving.hazard(waitedSeconds + from) - borne > staysUntil(position + 31, future)) continue;
        const seconds = comes(position, future)
          ? (visit[sliceAt(position, future)] ?? 0) * (paces[index] ?? 1)
          : noShow.seconds;
        take(future, index, from, seconds);
      }
      position++;
    },
    waits(service, dueSeconds) {
      const able = windowsFor(service);
      const waits = new Float64Array(futures);
      for (let future = 0; future < futures; future++)
        waits[future] = Math.min(
          freeAt[future * count + nextWindow(future, able, dueSeconds)] ?? 0,
          longestSeconds,
        );
      return waits.sort();
    },
  };
}
