import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { keepHighWater } from '../../device/journal/high-water.ts';
import { openBoxJournal } from '../../device/journal/open-box-journal.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { folder, layLine, startBox, startCentre, synced, until } from '../contract/sync-setting.ts';
import { factNaming, silentLog } from '../fixtures/books.ts';
import { mountSmall } from '../fixtures/small-disk.ts';
import { assertAllArrived, assertNothingLost } from './invariants.ts';

const issued = (number: number): NewFact => ({
  type: 'ticket.issued',
  subject: randomUUID(),
  body: { number: `А${number}`, serviceId: 's', day: '2026-11-22', requestId: randomUUID() },
});

test('F04 a disk that is really full: a clear refusal at each write, nothing by halves, and all goes on with room', async t => {
  const small = mountSmall(8 * 1024 * 1024);
  if (!small) return t.skip('needs the right to mount');
  t.after(small.unmount);
  const { dir } = small;
  const open = () =>
    openBoxJournal({ dir, clock: systemClock, clockQuality: () => 'trusted', log: silentLog });
  const opened = await open();
  const { journal } = opened;
  const highWater = keepHighWater(dir, journal, silentLog);
  const blobs = await openBlobStore(join(dir, 'blobs'));
  const acknowledged: string[] = [];
  let number = 0;
  const issue = async (count: number) => {
    const facts = Array.from({ length: count }, () => issued(++number));
    await Promise.all(facts.map(fact => journal.commit([fact]).then(() => acknowledged.push(fact.subject))));
  };
  await issue(20);

  const filler = join(dir, 'filler');
  const { bavail, bsize } = statfsSync(dir);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 256 * 1024));
  await assert.rejects(blobs.put(randomBytes(512 * 1024), 'image/jpeg'), { code: 'journal.disk-full' });
  const untilFull = async (at: number) => {
    for (;;) await issue(at);
  };
  await assert.rejects(untilFull(10), { code: 'journal.disk-full' });
  t.diagnostic(`${acknowledged.length} tickets before the disk was full`);
  await highWater.note();
  await assert.rejects(untilFull(1), { code: 'journal.disk-full' });
  assert.equal(journal.head(), acknowledged.length);

  rmSync(filler);
  await issue(10);
  const page = await blobs.put(randomBytes(512 * 1024), 'image/jpeg');
  assert.equal((await blobs.get(page.sha256)).length, 512 * 1024);
  await highWater.stop();
  await journal.close();
  opened.db.close();

  const again = await open();
  assert.equal(again.journal.verifyChain().facts, acknowledged.length);
  const told = { subjects: acknowledged, contents: [page.sha256] };
  await assertNothingLost({ boxes: [{ box: 'mfc-041', dir, blobsDir: join(dir, 'blobs'), told }] });
  assert.deepEqual(
    readdirSync(dir).filter(name => name.endsWith('.tmp')),
    [],
  );
  await again.journal.close();
  again.db.close();
});

test('F04, F18 a centre whose disk is really full: no receipt for what is not stored, and all arrives with room', async t => {
  const small = mountSmall(6 * 1024 * 1024);
  if (!small) return t.skip('needs the right to mount');
  t.after(small.unmount);
  const boxDir = await folder(t);
  const centre = await startCentre(t, small.dir);
  const line = await layLine(t, centre);
  const box = await startBox(t, boxDir, line);
  const evidence = {
    boxes: [{ box: box.box, dir: boxDir, blobsDir: join(boxDir, 'box-blobs') }],
    centre: { storage: centre.storage, blobsDir: join(small.dir, 'blobs') },
  };
  let number = 0;
  const write = async (facts: number) => {
    for (const goal = number + facts; number < goal; ) {
      await box.journal.commit([issued(++number)]);
      if (number % 20 === 0)
        await box.journal.commit([factNaming(await box.blobs.put(randomBytes(60_000), 'application/pdf'))]);
    }
  };
  box.link.start();
  await write(20);
  await synced(box);

  // Facts and content, births and the log down all want to write now.
  const filler = join(small.dir, 'filler');
  const fill = () => {
    const { bavail, bsize } = statfsSync(small.dir);
    writeFileSync(filler, Buffer.alloc(bavail * bsize), { flag: 'a' });
  };
  fill();
  await write(300);
  for (let round = 0; round < 3; round++) {
    fill();
    line.messages.cut();
    line.content.cut();
    // A centre that cannot note a birth does not take the box in; it comes again.
    await until('the box noticed', () => box.link.state().state !== 'connected');
    await write(20);
  }
  const status = {
    ...{ caseId: randomUUID(), status: 'registered', by: 'agency' as const },
    saidAt: new Date().toISOString(),
  };
  await assert.rejects(async () => {
    for (;;) await centre.tell(box.box, { type: 'case.status', body: status });
  });
  await assertNothingLost(evidence, 'while the disk is full');
  assert.ok(box.journal.receiptedUpTo() < box.journal.head());

  rmSync(filler);
  await write(20);
  await synced(box);
  const upTo = async () => (await centre.downLogs.log(box.box)).receipted;
  await until('every entry for the box applied', async () => {
    return (await centre.downLogs.entries(box.box, await upTo(), 1)).length === 0;
  });
  await synced(box);
  await box.journal.commit([]);
  await assertAllArrived(evidence, 'with room again');
});
