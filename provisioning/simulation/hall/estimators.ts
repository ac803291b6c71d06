import { createLeaving } from '../../../device/core/forecast/leaving.ts';
import { type Booked, startReplay, type WindowNow } from '../../../device/core/forecast/replay.ts';
import { createServiceTimes } from '../../../device/core/forecast/service-times.ts';
import { createTelling, type Told } from '../../../device/core/forecast/told.ts';
import { type BranchNow, dueSeconds } from './branch.ts';
import type { Person, PlannedWindow } from './people.ts';
import type { Timetable } from './timetable.ts';

/** Guesses the wait of somebody who comes, from what could be known then. */
export interface Estimator {
  name: string;
  /** Seconds, with what would be told when the estimator tells a range. */
  guess(person: Person, now: BranchNow): { seconds: number; told?: Told };
  called?(person: Person, waitedSeconds: number, told: Told | undefined): void;
  left?(waitedSeconds: number): void;
  served?(person: Person, clerk: string, visitSeconds: number): void;
}

const daySeconds = 86_400;
/** Appointments that matter for somebody who comes now: nobody waits longer. */
const foreseenSeconds = 4 * 3600;
const replayedAtMost = 400;

/** Mean of all waits of the day so far. */
export function dayAverage(): Estimator {
  let [day, sum, count] = [Number.NaN, 0, 0];
  return {
    name: 'day-average',
    guess: () => ({ seconds: count > 0 ? sum / count : 0 }),
    called({ atSeconds }, waitedSeconds) {
      const its = Math.floor(atSeconds / daySeconds);
      if (its !== day) [day, sum, count] = [its, 0, 0];
      sum += waitedSeconds;
      count++;
    },
  };
}

/** People who are before me, and I, times the mean visit, over the windows that are open now. */
export function lengthTimesMean(windows: readonly PlannedWindow[], timetable: Timetable): Estimator {
  let [sum, count] = [0, 0];
  return {
    name: 'n-mean-windows',
    guess(_, { line, atSeconds }) {
      const open = windows.filter((_each, window) => timetable.mayCall(window, atSeconds)).length;
      return { seconds: count > 0 ? ((line.length + 1) * sum) / count / Math.max(1, open) : 0 };
    },
    served(_, _clerk, visitSeconds) {
      sum += visitSeconds;
      count++;
    },
  };
}

/** What the one who was called last had waited. */
export function lastServed(): Estimator {
  let last = 0;
  return {
    name: 'last-served',
    guess: () => ({ seconds: last }),
    called(_, waitedSeconds) {
      last = waitedSeconds;
    },
  };
}

/** What the one at the head of the line has waited so far. */
export function headOfLine(): Estimator {
  return {
    name: 'head-of-line',
    guess: (_, { line, atSeconds }) => ({ seconds: line[0] ? atSeconds - line[0].atSeconds : 0 }),
  };
}

/** Okno's own: the model that the box has. */
export function replayEstimator(
  windows: readonly PlannedWindow[],
  timetable: Timetable,
  normSeconds: (service: string) => number | undefined,
): Estimator {
  const times = createServiceTimes(normSeconds);
  const leaving = createLeaving();
  const telling = createTelling();

  function windowsAt({ atSeconds, serving }: BranchNow): WindowNow[] {
    const all: WindowNow[] = [];
    windows.forEach(({ name, serves }, window) => {
      const off = timetable.plan(window, atSeconds);
      if (!off) return;
      const busy = serving[window];
      all.push({
        clerk: name,
        off,
        ...(serves ? { serves: (service: string) => serves.has(service) } : {}),
        ...(busy
          ? { busy: { service: busy.person.service, elapsedSeconds: atSeconds - busy.sinceSeconds } }
          : {}),
      });
    });
    return all;
  }

  return {
    name: 'replay',
    guess(person, now) {
      const isFree = (window: number) =>
        !now.serving[window] &&
        timetable.mayCall(window, now.atSeconds) &&
        (windows[window]?.serves?.has(person.service) ?? true);
      if (now.line.length === 0 && windows.some((_, window) => isFree(window))) return { seconds: 0 };
      const booked: Booked[] = [];
      for (const { service, bookedSeconds = 0 } of now.booked) {
        if (bookedSeconds > now.atSeconds + foreseenSeconds) break;
        const inSeconds = Math.max(0, bookedSeconds - now.atSeconds);
        const due = dueSeconds({ atSeconds: now.atSeconds + inSeconds, bookedSeconds });
        booked.push({ service, inSeconds, dueSeconds: due - now.atSeconds });
      }
      const knowledge = { times, leaving, noShow: { share: 0, seconds: 60 } };
      const replay = startReplay(windowsAt(now), booked, knowledge);
      const replayed = now.line.slice(0, replayedAtMost);
      for (const ahead of replayed)
        replay.serve({
          service: ahead.service,
          waitedSeconds: now.atSeconds - ahead.atSeconds,
          dueSeconds: dueSeconds(ahead) - now.atSeconds,
        });
      const waits = replay.waits(person.service, dueSeconds(person) - now.atSeconds);
      const stretch = replayed.length > 0 ? now.line.length / replayed.length : 1;
      // The rest of a line that no hall holds is taken to be like its beginning.
      const told = telling.tell(waits.map(each => each * stretch));
      return { seconds: told?.usualSeconds ?? 0, ...(told ? { told } : {}) };
    },
    called(_, waitedSeconds, told) {
      leaving.learn(waitedSeconds, false);
      if (told) telling.learn(told, waitedSeconds);
    },
    left: waitedSeconds => leaving.learn(waitedSeconds, true),
    served: ({ service }, clerk, seconds) => times.learn({ service, clerk, seconds }),
  };
}
