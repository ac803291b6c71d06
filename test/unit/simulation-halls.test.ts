import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inventBranch } from '../../provisioning/simulation/hall/invent-day.ts';
import { type Played, play } from '../../provisioning/simulation/hall/play.ts';
import { type HallWish, inventHall } from '../fixtures/invented-halls.ts';

const unknown = () => undefined;
const rush = [0.5, 1, 1.4, 1.3, 1, 0.9, 1.1, 1.2, 0.9, 0.7];
const peaks = [0.4, 1.6, 1.8, 1.2, 0.6, 0.6, 1.2, 1.3, 0.3];

/** Share inside what is told, and the error beside the best of the simple estimators. */
function judge({ waited, meanWaitSeconds, left, scores }: Played, name: string) {
  const [own, ...simple] = scores;
  const best = simple.toSorted((a, b) => a.maeSeconds - b.maeSeconds)[0];
  assert.ok(own && best);
  const inside = own.insideRange ?? 0;
  const ratio = own.maeSeconds / best.maeSeconds;
  const figures =
    `${name}: waited ${waited}, left ${left}, mean wait ${meanWaitSeconds.toFixed(0)} s, inside ${inside.toFixed(3)}, ` +
    `not longer ${(own.upToEnd ?? 0).toFixed(3)}, error ${own.maeSeconds.toFixed(1)} s, best other ${best.maeSeconds.toFixed(1)} s (${best.estimator})`;
  return { inside, ratio, figures };
}

const halls: [name: string, wish: HallWish][] = [
  ['1 window', { windows: 1, load: 0.8, days: 20, meanSeconds: 600, variation: 0.8 }],
  [
    '2 windows, 3 services',
    { windows: 2, load: 0.9, days: 20, meanSeconds: 600, variation: 0.8, services: 3 },
  ],
  ['40 windows', { windows: 40, load: 0.95, days: 3, meanSeconds: 600, variation: 1, services: 3 }],
  ['regular visits', { windows: 6, load: 0.9, days: 10, meanSeconds: 600, variation: 0.15 }],
  [
    'peaks',
    { windows: 12, load: 0.85, days: 8, meanSeconds: 600, variation: 0.8, services: 6, hours: peaks },
  ],
  [
    'call centre, people leave',
    {
      windows: 15,
      load: 0.95,
      days: 3,
      meanSeconds: 200,
      variation: 1.2,
      services: 4,
      patienceSeconds: 400,
      hours: rush,
    },
  ],
  [
    'call centre, more work than hands',
    { windows: 20, load: 1.1, days: 2, meanSeconds: 200, variation: 'exponential', patienceSeconds: 300 },
  ],
  ['heavy tails', { windows: 8, load: 0.9, days: 10, meanSeconds: 500, variation: 2, services: 2 }],
];

test('the forecast has the smallest error and holds four waits of five in a branch at each load', t => {
  for (const load of [0.7, 0.8, 0.9]) {
    const { people, windows, normSeconds } = inventBranch(load, 10);
    const { inside, ratio, figures } = judge(play(people, windows, normSeconds), `load ${load}`);
    t.diagnostic(figures);
    assert.ok(inside > 0.75 && inside < 0.85 && ratio < 1, figures);
  }
});

test('the forecast has the smallest error and holds four waits of five in halls of other kinds', t => {
  for (const [name, wish] of halls) {
    const { people, windows } = inventHall(wish);
    const { inside, ratio, figures } = judge(play(people, windows, unknown), name);
    t.diagnostic(figures);
    assert.ok(inside > 0.75 && inside < 0.85 && ratio < 1, figures);
  }
});

test('where visits have no memory, queue length and mean are all there is to know, and the forecast is as good', t => {
  const memoryless = {
    windows: 12,
    load: 0.9,
    days: 10,
    meanSeconds: 600,
    variation: 'exponential',
  } as const;
  const { people, windows } = inventHall(memoryless);
  const { inside, ratio, figures } = judge(play(people, windows, unknown), 'memoryless');
  t.diagnostic(figures);
  assert.ok(inside > 0.75 && inside < 0.85 && ratio < 1.02, figures);
});
