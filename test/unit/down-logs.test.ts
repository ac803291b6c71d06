import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { transaction } from '../../platform/sqlite.ts';
import type { NewDownEntry } from '../../protocol/messages.ts';
import { blobOf, openTestCentre } from '../fixtures/books.ts';

const status = (word: string): NewDownEntry => ({
  type: 'case.status',
  body: { caseId: randomUUID(), status: word, by: 'agency', saidAt: new Date().toISOString() },
});
const result = (bytes: string): NewDownEntry => ({
  type: 'case.result',
  body: { caseId: randomUUID(), result: blobOf(Buffer.from(bytes)), saidAt: new Date().toISOString() },
});
const words = (entries: { seq: number; body: Record<string, unknown> }[]) =>
  entries.map(({ seq, body }) => [seq, body.status]);

test('each box has a log of its own with numbers of its own', () => {
  const { downLogs } = openTestCentre();
  for (const [box, word] of [['a', 'one'], ['b', 'two'], ['a', 'three']] as const) // biome-ignore format: one line
    downLogs.append(box, status(word));
  assert.deepEqual(words(downLogs.entries('a', 0, 10)), [[1, 'one'], [2, 'three']]); // biome-ignore format: one line
  assert.deepEqual(words(downLogs.entries('a', 1, 10)), [[2, 'three']]);
  assert.deepEqual(words(downLogs.entries('b', 0, 10)), [[1, 'two']]);
  assert.notEqual(downLogs.log('a').log, downLogs.log('b').log);
});

test('a receipt moves the mark of its own log and of no other', () => {
  const { downLogs } = openTestCentre();
  for (const word of ['one', 'two', 'three']) downLogs.append('a', status(word));
  const { log } = downLogs.log('a');
  assert.equal(downLogs.accept('a', log, 2), false);
  assert.equal(downLogs.log('a').receipted, 2);
  assert.equal(downLogs.accept('a', randomUUID(), 3), false);
  assert.equal(downLogs.log('a').receipted, 2);
});

test('F21 a box that began anew gets the log again from where it stands', () => {
  const { downLogs } = openTestCentre();
  for (const word of ['one', 'two', 'three']) downLogs.append('a', status(word));
  const { log } = downLogs.log('a');
  downLogs.accept('a', log, 3);
  assert.equal(downLogs.accept('a', log, 0), true);
  assert.deepEqual({ ...downLogs.log('a') }, { log, receipted: 0 });
});

test('the one who sends hears of an entry when its transaction is over, and finds nothing after a rollback', async () => {
  const { db, downLogs } = openTestCentre();
  const seen: number[] = [];
  downLogs.onAppend(box => seen.push(downLogs.entries(box, 0, 10).length));
  transaction(db, () => {
    downLogs.append('a', status('one'));
    downLogs.append('a', status('two'));
    assert.deepEqual(seen, []);
  });
  assert.throws(() =>
    transaction(db, () => {
      downLogs.append('a', status('three'));
      throw new Error('power cut');
    }),
  );
  await new Promise(setImmediate);
  assert.deepEqual(seen, [2, 2, 2]);
});

test('LED-3.21 a box may fetch what it was told of, and nothing else', () => {
  const { downLogs } = openTestCentre();
  const [mine, register] = [blobOf(Buffer.from('mine')), blobOf(Buffer.from('register'))];
  downLogs.append('a', result('mine'));
  downLogs.append('a', { type: 'register.published', body: { version: 1, content: register } });
  assert.ok(downLogs.mayFetch('a', mine.sha256));
  assert.ok(downLogs.mayFetch('a', register.sha256));
  assert.ok(!downLogs.mayFetch('b', mine.sha256));
  assert.ok(!downLogs.mayFetch('a', blobOf(Buffer.from('other')).sha256));
});
