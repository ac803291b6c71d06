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

/** Lays a list and a stamp of its own beside content, which also awaits news of revocation. */
async function prove(
  { storage, blobs, evidence }: Awaited<ReturnType<typeof openArchive>>,
  sha256: string,
  list: string,
  stamp: string,
): Promise<string[]> {
  const [crl, token] = await Promise.all([list, stamp].map(text => blobs.put(Buffer.from(text), 'x')));
  const pieces = [{ kind: 'crl' as const, sha256: crl?.sha256 ?? '', bytes: Buffer.from(list) }];
  const content = { sha256, what: 'package' as const, caseNumber: 'ПР-1' };
  await storage.transaction(transaction =>
    evidence.accepted(transaction, content, { pieces, missing: ['http://responder.invalid'] }),
  );
  const [awaited] = (await evidence.awaited('stamp', 1000)).filter(each => each.content === sha256);
  assert.ok(awaited);
  const term = { goodUntil: new Date('2030-01-01'), imprint: 'sha256', algorithm: 'rsa-pkcs1-sha256' };
  await evidence.arrived(awaited, [{ kind: 'stamp', sha256: token?.sha256 ?? '' }], term);
  return [crl?.sha256 ?? '', token?.sha256 ?? ''];
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
    const evidence = await prove(archive, arrived.package, `обо всех`, `о деле ${count}`);
    cases.push({ ...arrived, evidence });
  }
  const remains = await archive.arrive();
  await prove(archive, remains.package, 'обо всех', 'об оставшемся');
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
  for (const { caseId, evidence, ...digests } of cases) {
    assert.deepEqual([await blobs.has(digests.package), await blobs.has(digests.result)], [false, false]);
    // The list about everybody still proves what is kept; the stamp and all that is awaited went with the case.
    const kept = await Promise.all(evidence.map(sha256 => blobs.has(sha256)));
    assert.deepEqual(kept, [true, false]);
    assert.equal((await after.evidence.of(digests.package)).length, 2, 'the tombstone names what there was');
    assert.deepEqual(await after.evidence.awaitedOf(digests.package), []);
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
