import { goingOn, offTimes } from '../../../device/core/forecast/openings.ts';
import type { WindowNow } from '../../../device/core/forecast/replay.ts';
import type { Opening, PlannedWindow } from './people.ts';

/** Windows that are shut for so long are shut for the night. */
const nightSeconds = 3 * 3600;

/** When a window may call, as the plan of the branch says. */
export interface Timetable {
  /** Whether somebody who comes now is let in: the branch is open, or opens within the hour. */
  isIn(atSeconds: number): boolean;
  /** Whether a window may call somebody who waits. Whoever shuts last goes on until the line is empty. */
  mayCall(window: number, atSeconds: number): boolean;
  /** Breaks, closing and opening of a window for the rest of the day; undefined when its day is over. */
  plan(window: number, atSeconds: number): NonNullable<WindowNow['off']> | undefined;
}

interface Day extends Opening {
  /** Openings of each window on this day. */
  windows: Opening[][];
}

export function createTimetable(windows: readonly PlannedWindow[]): Timetable {
  const days = daysOf(windows);

  /** The day that is on or comes next; after the last, the last. */
  let kept = 0;
  function dayAt(atSeconds: number): Day | undefined {
    if ((days[kept]?.fromSeconds ?? 0) - 3600 > atSeconds) kept = 0;
    while (kept + 1 < days.length && (days[kept + 1]?.fromSeconds ?? 0) - 3600 <= atSeconds) kept++;
    return days[kept];
  }

  function openingsOf(window: number, atSeconds: number): readonly Opening[] {
    const day = dayAt(atSeconds);
    return day ? goingOn(day.windows[window] ?? [], day.toSeconds) : [];
  }

  return {
    isIn(atSeconds) {
      const day = dayAt(atSeconds);
      return day !== undefined && atSeconds >= day.fromSeconds - 3600 && atSeconds < day.toSeconds;
    },
    mayCall: (window, atSeconds) =>
      openingsOf(window, atSeconds).some(
        ({ fromSeconds, toSeconds }) => atSeconds >= fromSeconds && atSeconds < toSeconds,
      ),
    plan: (window, atSeconds) => offTimes(openingsOf(window, atSeconds), atSeconds),
  };
}

function daysOf(windows: readonly PlannedWindow[]): Day[] {
  const all = windows
    .flatMap(({ openings }, window) => openings.map(opening => ({ window, opening })))
    .sort((a, b) => a.opening.fromSeconds - b.opening.fromSeconds);
  const days: Day[] = [];
  for (const { window, opening } of all) {
    let day = days.at(-1);
    if (!day || opening.fromSeconds > day.toSeconds + nightSeconds) {
      day = { ...opening, windows: windows.map(() => []) };
      days.push(day);
    }
    day.toSeconds = Math.max(day.toSeconds, opening.toSeconds);
    day.windows[window]?.push(opening);
  }
  return days;
}
