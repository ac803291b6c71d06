import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBackoff } from '../../platform/backoff.ts';
import { seededRandom } from '../fixtures/books.ts';

const waits = (backoff: { next(): number }, count: number) =>
  Array.from({ length: count }, () => backoff.next());

test('F17 waits grow up to the ceiling and stay between base and three times the last one', () => {
  const backoff = createBackoff(500, 60_000, seededRandom(7));
  let last = 500;
  for (const wait of waits(backoff, 200)) {
    assert.ok(wait >= 500 && wait <= 60_000 && wait <= last * 3, `${wait} after ${last}`);
    last = wait;
  }
  const longest = createBackoff(500, 60_000, () => 1);
  assert.deepEqual(waits(longest, 6), [1500, 4500, 13_500, 40_500, 60_000, 60_000]);
});

test('F17 boxes that fell off together do not come back together', () => {
  const random = seededRandom(3);
  const fifth = Array.from({ length: 1000 }, () => waits(createBackoff(500, 60_000, random), 5)[4] ?? 0);
  const perSecond = Map.groupBy(fifth, wait => Math.floor(wait / 1000));
  assert.ok(Math.max(...[...perSecond.values()].map(list => list.length)) < 300);
});

test('F16 only a reset begins from the start', () => {
  const backoff = createBackoff(500, 60_000, () => 1);
  waits(backoff, 4);
  assert.equal(backoff.next(), 60_000);
  backoff.reset();
  assert.equal(backoff.next(), 1500);
});
