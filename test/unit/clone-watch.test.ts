import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCloneWatch } from '../../central/ingress/clone-watch.ts';

const hourMs = 3_600_000;

function watch() {
  const cloned: string[] = [];
  return { cloned, clones: createCloneWatch(hourMs, box => cloned.push(box)) };
}

test('F16 a box whose line flaps each second is never taken for a clone', () => {
  const { clones, cloned } = watch();
  for (let session = 1; session <= 500; session++)
    assert.equal(clones.born('mfc-041', session, {}, session * 1000), false);
  assert.deepEqual(cloned, []);
});

test('F12 two boxes with one identity that count from the same number are shut out, and let in again later', () => {
  const { clones, cloned } = watch();
  let now = 0;
  let shutOut = false;
  for (let session = 7; session < 20 && !shutOut; session++)
    for (const _box of ['original', 'copy']) {
      now += 20_000;
      shutOut ||= clones.born('mfc-041', session, {}, now);
    }
  assert.equal(shutOut, true);
  assert.deepEqual(cloned, ['mfc-041']);
  assert.equal(clones.inQuarantine('mfc-041', now + hourMs - 1), true);
  assert.equal(clones.inQuarantine('mfc-042', now), false);
  assert.equal(clones.inQuarantine('mfc-041', now + hourMs), false);
});

test('F21 a box restored from a backup steps back once and stays', () => {
  const { clones, cloned } = watch();
  for (const session of [100, 101, 90, 91, 92, 93, 94]) clones.born('mfc-041', session, {}, session);
  assert.deepEqual(cloned, []);
});

test('a birth that is repeated on its own connection says nothing new', () => {
  const { clones, cloned } = watch();
  const connection = {};
  for (let times = 0; times < 10; times++) clones.born('mfc-041', 5, connection, times);
  assert.deepEqual(cloned, []);
});
