import type { Wait } from '../../protocol/api.ts';

export interface HallLoad {
  /** Minutes that each open window still needs for the person it serves; 0 when it is free. */
  windows: readonly number[];
  /** Usual minutes at the window for each person who is called earlier, in calling order. */
  ahead: readonly number[];
}

/** Minutes until each window is free, at usual speed and with slow visits. */
export interface Replay {
  usual: readonly number[];
  slow: readonly number[];
}

/** How much longer than usual an unlucky visit takes; the P80 of service times against their median. */
const slowVisit = 1.6;

/** The hall before anybody of the queue is called. With no open window it is replayed as if one were open. */
export function startReplay(windows: readonly number[]): Replay {
  const usual = windows.length > 0 ? windows : [0];
  return { usual, slow: usual.map(minutes => minutes * slowVisit) };
}

/** The hall after some more people went to the window that was free first. */
export function replayVisits(replay: Replay, visitMinutes: readonly number[]): Replay {
  return {
    usual: serve(replay.usual, visitMinutes, 1),
    slow: serve(replay.slow, visitMinutes, slowVisit),
  };
}

/**
 * Wait of the person who comes next: from the replay at usual speed to the replay with slow visits, rounded
 * outwards so that it can be said aloud («10–15 минут»).
 */
export function waitOf(replay: Replay): Wait {
  const fromMinutes = roundTo(Math.min(...replay.usual), Math.floor);
  return {
    fromMinutes,
    toMinutes: Math.max(roundTo(Math.min(...replay.slow), Math.ceil), fromMinutes + step(fromMinutes)),
  };
}

/** Wait of the next person by forward replay: everybody ahead goes to the window that is free first. */
export function forecastWait({ windows, ahead }: HallLoad): Wait {
  return waitOf(replayVisits(startReplay(windows), ahead));
}

function serve(freeAt: readonly number[], visitMinutes: readonly number[], factor: number): number[] {
  const next = [...freeAt];
  for (const minutes of visitMinutes) {
    const first = next.indexOf(Math.min(...next));
    next[first] = (next[first] ?? 0) + minutes * factor;
  }
  return next;
}

const step = (minutes: number) => (minutes < 5 ? 5 : minutes < 60 ? 5 : 10);
const roundTo = (minutes: number, round: (value: number) => number) =>
  round(minutes / step(minutes)) * step(minutes);
