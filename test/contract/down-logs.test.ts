import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { digestEntry } from '../../protocol/entry-digest.ts';
import type { DownEntry, NewDownEntry } from '../../protocol/messages.ts';
import { blobOf } from '../fixtures/books.ts';
import { eachDatabase } from '../fixtures/databases.ts';

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

eachDatabase(openTestCentre => {
  test('each box has a log of its own with numbers of its own', async () => {
    const { downLogs, tell } = await openTestCentre();
    for (const [box, word] of [['a', 'one'], ['b', 'two'], ['a', 'three']] as const) // biome-ignore format: one line
      await tell(box, status(word));
    assert.deepEqual(words(await downLogs.entries('a', 0, 10)), [[1, 'one'], [2, 'three']]); // biome-ignore format: one line
    assert.deepEqual(words(await downLogs.entries('a', 1, 10)), [[2, 'three']]);
    assert.deepEqual(words(await downLogs.entries('b', 0, 10)), [[1, 'two']]);
    assert.notEqual((await downLogs.log('a')).log, (await downLogs.log('b')).log);
  });

  test('a receipt moves the mark of its own log and of no other', async () => {
    const { downLogs, tell } = await openTestCentre();
    for (const word of ['one', 'two', 'three']) await tell('a', status(word));
    const { log } = await downLogs.log('a');
    assert.equal(await downLogs.accept('a', log, 2), false);
    assert.equal((await downLogs.log('a')).receipted, 2);
    assert.equal(await downLogs.accept('a', randomUUID(), 3), false);
    assert.equal((await downLogs.log('a')).receipted, 2);
  });

  test('F21 a box that began anew gets the log again from where it stands', async () => {
    const { downLogs, tell } = await openTestCentre();
    for (const word of ['one', 'two', 'three']) await tell('a', status(word));
    const { log } = await downLogs.log('a');
    await downLogs.accept('a', log, 3);
    assert.equal(await downLogs.accept('a', log, 0), true);
    assert.deepEqual({ ...(await downLogs.log('a')) }, { log, receipted: 0 });
  });

  test('F21 a box that heard what is not in the book begins a new log, by number or by what was said', async () => {
    const { downLogs, tell } = await openTestCentre();
    for (const word of ['one', 'two', 'three']) await tell('a', status(word));
    const entries = await downLogs.entries('a', 0, 10);
    const digest = (n: number) => digestEntry(entries[n - 1] as DownEntry);
    const { log } = await downLogs.log('a');
    assert.equal(await downLogs.meet('a', { log, upTo: 2, digest: digest(2) }), false);
    assert.deepEqual({ ...(await downLogs.log('a')) }, { log, receipted: 2 });
    assert.equal(await downLogs.meet('a', { log, upTo: 2 }), false, 'an older box tells no digest');
    assert.equal(await downLogs.meet('a', { log: randomUUID(), upTo: 9 }), false);
    assert.deepEqual({ ...(await downLogs.log('a')) }, { log, receipted: 0 });
    for (const heard of [
      { upTo: 4, digest: digest(3) },
      { upTo: 2, digest: digest(3) },
    ]) {
      const { log: before } = await downLogs.log('a');
      assert.equal(await downLogs.meet('a', { log: before, ...heard }), true);
      const restarted = await downLogs.log('a');
      assert.notEqual(restarted.log, before);
      assert.equal(restarted.receipted, 0);
    }
  });

  test('the one who sends hears of an entry when its transaction is over, and finds nothing after a rollback', async () => {
    const { storage, downLogs } = await openTestCentre();
    const seen: Promise<unknown[]>[] = [];
    downLogs.onAppend(box => seen.push(downLogs.entries(box, 0, 10)));
    await storage.transaction(async transaction => {
      await downLogs.append(transaction, 'a', status('one'));
      await downLogs.append(transaction, 'a', status('two'));
      assert.deepEqual(seen, []);
    });
    const powerCut = storage.transaction(async transaction => {
      await downLogs.append(transaction, 'a', status('three'));
      throw new Error('power cut');
    });
    await assert.rejects(powerCut, /power cut/);
    await new Promise(setImmediate);
    assert.deepEqual(
      (await Promise.all(seen)).map(entries => entries.length),
      [2, 2],
    );
  });

  test('LED-3.21 a box may fetch what it was told of, and nothing else', async () => {
    const { downLogs, tell } = await openTestCentre();
    const [mine, register] = [blobOf(Buffer.from('mine')), blobOf(Buffer.from('register'))];
    await tell('a', result('mine'));
    await tell('a', { type: 'register.published', body: { version: 1, content: register } });
    assert.ok(await downLogs.mayFetch('a', mine.sha256));
    assert.ok(await downLogs.mayFetch('a', register.sha256));
    assert.ok(!(await downLogs.mayFetch('b', mine.sha256)));
    assert.ok(!(await downLogs.mayFetch('a', blobOf(Buffer.from('other')).sha256)));
  });
});
