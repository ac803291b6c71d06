import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Reckoned, reckon, reckonLate } from '../../device/hall/hall-time.ts';

const hourMs = 3_600_000;

test('F06 F07 F08 the hall reckons on when its clock goes, stands when it is set back, and believes no leap over a day', () => {
  const walls = [0, 2, 1, 5, 5 + 70, 5 + 71].map(hours => hours * hourMs);
  let newest: Reckoned | undefined;
  const hall = walls.map(atMs => {
    newest = reckon(newest, atMs);
    return newest.hallMs / hourMs;
  });
  assert.deepEqual(hall, [0, 2, 2, 6, 30, 31]);
});

test('what is told late has the place of its own time, and never one after the newest', () => {
  const newest = { atMs: 100 * hourMs, hallMs: 50 * hourMs };
  const late = (hours: number) => reckonLate(newest, hours * hourMs) / hourMs;
  assert.deepEqual([97, 100, 103, 10].map(late), [47, 50, 50, 26]);
  assert.equal(reckonLate(undefined, 7), 7);
});
