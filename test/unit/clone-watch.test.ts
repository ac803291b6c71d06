import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCloneWatch } from '../../central/ingress/clone-watch.ts';

const hourMs = 3_600_000;

function watch() {
  const cloned: string[] = [];
  const clones = createCloneWatch(hourMs, box => cloned.push(box));
  const born = (session: number, nowMs: number, epoch = 'first', connection: object = {}) =>
    clones.born('mfc-041', { epoch, session, connection }, nowMs);
  return { cloned, clones, born };
}

test('F16 a box whose line flaps each second is never taken for a clone', () => {
  const { born, cloned } = watch();
  for (let session = 1; session <= 500; session++) assert.equal(born(session, session * 1000), false);
  assert.deepEqual(cloned, []);
});

test('F12 two boxes with one identity that count from the same number are shut out, and let in again later', () => {
  const { clones, born, cloned } = watch();
  let now = 0;
  let shutOut = false;
  for (let session = 7; session < 20 && !shutOut; session++)
    for (const _box of ['original', 'copy']) {
      now += 20_000;
      shutOut ||= born(session, now);
    }
  assert.equal(shutOut, true);
  assert.deepEqual(cloned, ['mfc-041']);
  assert.equal(clones.inQuarantine('mfc-041', now + hourMs - 1), true);
  assert.equal(clones.inQuarantine('mfc-042', now), false);
  assert.equal(clones.inQuarantine('mfc-041', now + hourMs), false);
});

test('F21 a box restored from a backup steps back once and stays', () => {
  const { born, cloned } = watch();
  for (const session of [100, 101, 90, 91, 92, 93, 94]) born(session, session);
  assert.deepEqual(cloned, []);
});

test('a birth that is repeated on its own connection says nothing new', () => {
  const { born, cloned } = watch();
  const connection = {};
  for (let times = 0; times < 10; times++) born(5, times, 'first', connection);
  assert.deepEqual(cloned, []);
});

test('F21 a box that gets a fresh disk again and again is no clone', () => {
  const { born, cloned } = watch();
  for (let disk = 0; disk < 8; disk++) for (const session of [1, 2]) born(session, disk, `journal ${disk}`);
  assert.deepEqual(cloned, []);
});

test('F12 two machines that return to journals of their own are found out, too', () => {
  const { born, cloned } = watch();
  for (let session = 1; session < 4; session++)
    for (const epoch of ['one', 'other']) born(session, session, epoch);
  assert.deepEqual(cloned, ['mfc-041']);
});
