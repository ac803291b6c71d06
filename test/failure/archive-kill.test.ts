import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openSqliteStorage } from '../../central/storage/sqlite.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { anna, boris, openArchive } from '../contract/archive-setting.ts';
import { folder } from '../contract/sync-setting.ts';
import { openBooks } from '../fixtures/books.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { startKillable } from './kill/program.ts';

const program = fileURLToPath(new URL('./kill/archive.ts', import.meta.url));

/** Runs it until it said so many words, and kills it there; false when it came to its end before. */
async function killAfter(dir: string, words: number): Promise<boolean> {
  const running = startKillable(program, dir, {});
  // Its end by itself is none of its faults here.
  const gone = running.gone.then(
    () => {},
    () => {},
  );
  const ended = running.line('done').then(
    () => true,
    () => false,
  );
  while (running.said.length < words && !running.said.includes('done'))
    await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 1))]);
  await running.kill().catch(() => {});
  await gone;
  return !running.said.includes('done');
}

test('F01, LED-4.1 a destruction act that is killed again and again is done whole, each entry once', async t => {
  const dir = await folder(t);
  const storage = await openSqliteStorage(join(dir, 'centre.db'));
  const blobs = await openBlobStore(join(dir, 'blobs'));
  // Handed out so long ago that the term is over by the clock of the program.
  const clock = testClock('2019-03-01T06:00:00.000Z');
  const archive = await openArchive(t, openBooks(storage), { blobs, clock });
  const cases = [];
  for (let count = 0; count < 12; count++) {
    const arrived = await archive.arrive();
    await archive.handOut(arrived.caseId);
    cases.push(arrived);
  }
  await archive.intake.round();
  clock.set('2021-03-01T06:00:00.000Z');
  await archive.acts.approve(boris, await archive.acts.prepare(anna, 'destruction', 'Срок вышел'));
  await storage.close();

  let kills = 0;
  while (await killAfter(dir, 3 + 4 * kills)) kills++;
  assert.ok(kills >= 2, `killed ${kills} times`);

  const after = await openArchive(t, openBooks(await openSqliteStorage(join(dir, 'centre.db'))), {
    blobs,
    clock,
  });
  t.after(() => after.storage.close());
  for (const { caseId, ...digests } of cases) {
    assert.deepEqual([await blobs.has(digests.package), await blobs.has(digests.result)], [false, false]);
    for (const entry of await after.entries(caseId)) {
      assert.equal(entry.state, 'destroyed');
      assert.ok(entry.removed_at);
    }
    assert.equal((await after.events(caseId)).filter(event => event === 'archive-destroyed').length, 2);
  }
  const told = await after.downLogs.entries('mfc-041', 0, 100);
  assert.equal(told.length, cases.length);
  assert.equal(new Set(told.map(({ body }) => body.caseId)).size, cases.length);
});
