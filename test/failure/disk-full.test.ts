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
import { silentLog } from '../fixtures/books.ts';
import { mountSmall } from '../fixtures/small-disk.ts';

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
  const subjects = again.journal.read(0, 10_000).map(({ subject }) => subject);
  assert.deepEqual(subjects.toSorted(), acknowledged.toSorted());
  assert.equal(again.journal.verifyChain().facts, acknowledged.length);
  assert.deepEqual(
    readdirSync(dir).filter(name => name.endsWith('.tmp')),
    [],
  );
  await again.journal.close();
  again.db.close();
});
