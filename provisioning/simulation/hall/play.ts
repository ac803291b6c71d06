import type { Told } from '../../../device/core/forecast/told.ts';
import { runBranch } from './branch.ts';
import {
  dayAverage,
  type Estimator,
  headOfLine,
  lastServed,
  lengthTimesMean,
  replayEstimator,
} from './estimators.ts';
import type { Person, PlannedWindow } from './people.ts';
import { createTimetable } from './timetable.ts';

/** How an estimator did on people who had to wait and were called. */
export interface Score {
  estimator: string;
  /** Mean distance of what was guessed from what became of it. */
  maeSeconds: number;
  /** Mean of guess less wait. */
  biasSeconds: number;
  /** Of an estimator that tells a range: share of waits inside what was told, ends included. */
  insideRange?: number;
  /** Share of waits that were not longer than what was told. */
  upToEnd?: number;
  /** Mean width of what was told. */
  rangeSeconds?: number;
}

export interface Played {
  called: number;
  /** Of these, who were not called at once. All scores are over them. */
  waited: number;
  left: number;
  /** Came when the branch was shut. */
  refused: number;
  /** Of all who were called. */
  meanWaitSeconds: number;
  /** Share of all who were called that waited longer than the norm of 15 minutes. */
  over15: number;
  scores: Score[];
}

interface Guess {
  seconds: number;
  told?: Told;
}

/** Plays a log through windows and scores Okno's forecast beside four simple estimators. */
export function play(
  people: readonly Person[],
  windows: readonly PlannedWindow[],
  normSeconds: (service: string) => number | undefined,
): Played {
  const timetable = createTimetable(windows);
  const estimators: Estimator[] = [
    replayEstimator(windows, timetable, normSeconds),
    dayAverage(),
    lengthTimesMean(windows, timetable),
    lastServed(),
    headOfLine(),
  ];
  const sums = estimators.map(({ name }) => ({
    name,
    error: 0,
    bias: 0,
    told: 0,
    inside: 0,
    upTo: 0,
    width: 0,
  }));
  const guesses = new Map<Person, Guess[]>();
  const seen = { called: 0, waited: 0, left: 0, refused: 0, wait: 0, over15: 0 };

  function score(sum: (typeof sums)[number], { seconds, told }: Guess, waitedSeconds: number): void {
    sum.error += Math.abs(seconds - waitedSeconds);
    sum.bias += seconds - waitedSeconds;
    // Whoever was told to be called at once, and was not, was told wrong.
    if (!told) return;
    sum.told++;
    sum.width += told.toSeconds - told.fromSeconds;
    if (waitedSeconds > told.toSeconds) return;
    sum.upTo++;
    if (waitedSeconds >= told.fromSeconds) sum.inside++;
  }

  runBranch(people, windows, timetable, {
    came: (person, now) =>
      void guesses.set(
        person,
        estimators.map(estimator => estimator.guess(person, now)),
      ),
    called(person, waitedSeconds) {
      const made = guesses.get(person) ?? [];
      guesses.delete(person);
      seen.called++;
      seen.wait += waitedSeconds;
      if (waitedSeconds > 15 * 60) seen.over15++;
      if (waitedSeconds > 0) seen.waited++;
      made.forEach((guess, index) => {
        const sum = sums[index];
        if (sum && waitedSeconds > 0) score(sum, guess, waitedSeconds);
        estimators[index]?.called?.(person, waitedSeconds, guess.told);
      });
    },
    left(person, waitedSeconds) {
      seen.left++;
      guesses.delete(person);
      for (const estimator of estimators) estimator.left?.(waitedSeconds);
    },
    served(person, window, visitSeconds) {
      for (const estimator of estimators)
        estimator.served?.(person, windows[window]?.name ?? '', visitSeconds);
    },
    refused: () => void seen.refused++,
  });

  const { called, waited, left, refused, wait, over15 } = seen;
  const each = Math.max(1, waited);
  return {
    ...{ called, waited, left, refused },
    meanWaitSeconds: wait / Math.max(1, called),
    over15: over15 / Math.max(1, called),
    scores: sums.map(({ name, error, bias, told, inside, upTo, width }) => ({
      estimator: name,
      maeSeconds: error / each,
      biasSeconds: bias / each,
      ...(told > 0 ? { insideRange: inside / each, upToEnd: upTo / each, rangeSeconds: width / told } : {}),
    })),
  };
}
