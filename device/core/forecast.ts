import type { Wait } from '../../protocol/api.ts';

export interface HallLoad {
  /** Minutes that each open window still needs for the person it serves; 0 when it is free. */
  windows: readonly number[];
  /** Usual minutes at the window for each person who is called earlier, in calling order. */
  ahead: readonly number[];
}

/** How much longer than usual an unlucky visit takes; the P80 of service times against their median. */
const slowVisit = 1.6;

/**
 * Wait of the next person by forward replay: everybody ahead goes to the window that is free first.
 * The range is the replay at usual speed to the replay with slow visits, rounded outwards so that it
 * can be said aloud («10–15 минут»). With no open window the hall is replayed as if one were open.
 */
export function forecastWait(load: HallLoad): Wait {
  const usual = replay(load, 1);
  const slow = replay(load, slowVisit);
  const fromMinutes = roundTo(usual, Math.floor);
  return { fromMinutes, toMinutes: Math.max(roundTo(slow, Math.ceil), fromMinutes + step(fromMinutes)) };
}

function replay({ windows, ahead }: HallLoad, factor: number): number {
  const freeAt = (windows.length > 0 ? windows : [0]).map(minutes => minutes * factor);
  for (const minutes of ahead) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    freeAt[first] = (freeAt[first] ?? 0) + minutes * factor;
  }
  return Math.min(...freeAt);
}

const step = (minutes: number) => (minutes < 5 ? 5 : minutes < 60 ? 5 : 10);
const roundTo = (minutes: number, round: (value: number) => number) =>
  round(minutes / step(minutes)) * step(minutes);
