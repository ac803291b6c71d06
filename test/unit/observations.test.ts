import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openObservations } from '../../device/journal/observations.ts';
import type { NewObservation } from '../../protocol/observations.ts';
import { openTestJournal, silentLog } from '../fixtures/books.ts';
import { hourMs, testClock } from '../fixtures/test-clock.ts';

const line = (message: string, level: 'warn' | 'error' = 'warn'): NewObservation => ({
  class: 'logs',
  type: 'log.line',
  body: { level, message, code: null, times: 1 },
});
const sample = (freeBytes: number): NewObservation => ({
  class: 'telemetry',
  type: 'box.sample',
  body: { clock: 'trusted', freeBytes, intake: null, peripherals: [], outbox: [], link: null },
});
const limits = {
  telemetry: { bytes: 100_000, ageMs: 24 * hourMs },
  logs: { bytes: 2_000, ageMs: hourMs },
};

function setting() {
  const { db, journal } = openTestJournal();
  const clock = testClock('2026-11-22T09:00:00.000Z');
  const disk = { isLow: false, isFull: false };
  const open = () =>
    openObservations({
      ...{ db, clock, log: silentLog, limits },
      journal: {
        commit: (...wish) => (disk.isFull ? Promise.reject(new Error('no space')) : journal.commit(...wish)),
      },
      isDiskLow: async () => disk.isLow,
    });
  const observations = open();
  const seen = (kind: 'telemetry' | 'logs', after = 0) =>
    observations.read(kind, after, 1_000_000).map(({ body }) => body.message ?? body.freeBytes);
  return { db, journal, clock, disk, observations, open, seen };
}

test('F15 logs over their limit of bytes go oldest first, and each that went is counted', async t => {
  const { observations, seen } = setting();
  t.after(observations.stop);
  for (let n = 1; n <= 100; n++) {
    observations.add(line(`message number ${n}`));
    if (n % 10 === 0) await observations.keep();
  }
  const { rows, bytes, dropped } = observations.held('logs');
  assert.ok(bytes <= limits.logs.bytes && rows > 5, `${rows} rows, ${bytes} bytes`);
  assert.equal(rows + dropped, 100);
  assert.deepEqual(seen('logs').at(-1), 'message number 100');
  assert.deepEqual(
    observations.read('logs', 0, 1_000_000).map(({ seq }) => seq),
    Array.from({ length: rows }, (_, n) => dropped + n + 1),
  );
});

test('F15 logs over their age go, telemetry of the same age stays', async t => {
  const { clock, observations, seen } = setting();
  t.after(observations.stop);
  observations.add(line('old'));
  observations.add(sample(1));
  await observations.keep();
  clock.advance(2 * hourMs);
  observations.add(line('new'));
  await observations.keep();
  assert.deepEqual([seen('logs'), seen('telemetry')], [['new'], [1]]);
  assert.deepEqual([observations.held('logs').dropped, observations.held('telemetry').dropped], [1, 0]);
});

test('F42 a flood of one warning is one line that says how often, and a flood of many is bounded', async t => {
  const { observations, seen } = setting();
  t.after(observations.stop);
  for (let n = 0; n < 5_000; n++) observations.add(line('the same again'));
  observations.add(line('the same again', 'error'));
  await observations.keep();
  assert.deepEqual(
    observations.read('logs', 0, 10_000).map(({ body }) => [body.level, body.times]),
    [['warn', 5_000], ['error', 1]], // biome-ignore format: one line
  );
  observations.add(sample(7));
  for (let n = 0; n < 5_000; n++) observations.add(line(`${n}`));
  await observations.keep();
  assert.deepEqual(seen('telemetry'), [7], 'a flood of logs takes no telemetry with it');
  assert.equal(observations.held('logs').rows + observations.held('logs').dropped, 5_002);
});

test('F04 with the disk low logs go first and telemetry shrinks; with it full nothing fails and all is counted', async t => {
  const { disk, observations } = setting();
  t.after(observations.stop);
  for (let n = 0; n < 5; n++) observations.add(line(`${n}`));
  observations.add(sample(1));
  await observations.keep();
  disk.isLow = true;
  await observations.keep();
  assert.deepEqual([observations.held('logs').rows, observations.held('telemetry').rows], [0, 1]);
  assert.equal(observations.held('logs').dropped, 5);
  disk.isFull = true;
  observations.add(line('lost'));
  await observations.keep();
  assert.equal(observations.held('logs').dropped, 6);
  disk.isFull = disk.isLow = false;
  observations.add(line('kept'));
  await observations.keep();
  assert.deepEqual([observations.held('logs').rows, observations.held('logs').dropped], [1, 6]);
});

test('what the centre has is forgotten, and numbers go on after a restart', async t => {
  const { observations, open } = setting();
  for (let n = 1; n <= 3; n++) observations.add(sample(n));
  await observations.keep();
  observations.forget('telemetry', 2);
  await observations.stop();
  const again = open();
  t.after(again.stop);
  again.add(sample(4));
  await again.keep();
  assert.deepEqual(
    again.read('telemetry', 0, 10_000).map(({ seq, body }) => [seq, body.freeBytes]),
    [[3, 3], [4, 4]], // biome-ignore format: one line
  );
});

test('an envelope takes what fits, and at least one', async t => {
  const { observations } = setting();
  t.after(observations.stop);
  for (let n = 1; n <= 3; n++) observations.add(line('м'.repeat(150) + n));
  await observations.keep();
  assert.deepEqual(
    [1, 600, 10_000].map(bytes => observations.read('logs', 0, bytes).length),
    [1, 1, 3],
  );
});
