import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { guardIntake } from '../../device/cases/intake-guard.ts';
import { openObservations } from '../../device/journal/observations.ts';
import { openBoxJournal } from '../../device/journal/open-box-journal.ts';
import { countOutbox } from '../../device/journal/outbox-counts.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { openPartStore } from '../../platform/part-store.ts';
import { silentLog as log } from '../fixtures/books.ts';
import { mountSmall } from '../fixtures/small-disk.ts';

const mib = 1024 ** 2;

test('F04 on a disk that fills up papers are refused first, then blobs, logs go, and tickets are issued to the end', async t => {
  const small = mountSmall(24 * mib);
  if (!small) return t.skip('needs the right to mount');
  t.after(small.unmount);
  const { dir } = small;
  const opened = await openBoxJournal({ dir, clock, clockQuality: () => 'trusted', log });
  const { db, journal } = opened;
  const minFreeBytes = 12 * mib;
  const blobs = await openBlobStore(join(dir, 'blobs'), { reserveBytes: minFreeBytes / 2 });
  const isDiskLow = async () => (await blobs.freeBytes()) < minFreeBytes;
  const observations = openObservations({ db, journal, clock, log, isDiskLow });
  const outbox = countOutbox({ db, observations, clock });
  const intake = guardIntake({ outbox, freeBytes: blobs.freeBytes, minFreeBytes });
  const issue = (number: number) =>
    journal.commit([
      {
        type: 'ticket.issued',
        subject: randomUUID(),
        body: { number: `А${number}`, serviceId: 's', day: '2026-11-22', requestId: randomUUID() },
      },
    ]);
  const body = { level: 'warn' as const, message: 'a line', code: null, times: 1 };
  observations.add({ class: 'logs', type: 'log.line', body });
  await observations.keep();

  let documents = 0;
  while ((await intake.whyNot()) === null) {
    await blobs.put(randomBytes(mib), 'image/jpeg');
    documents++;
  }
  assert.ok(documents > 5, `${documents} pages before the first refusal`);
  await assert.rejects(intake.assertOpen(), { code: 'case.disk-low' });
  await blobs.put(randomBytes(mib), 'image/jpeg');
  const fill = async () => {
    for (;;) await blobs.put(randomBytes(mib / 2), 'image/jpeg');
  };
  await assert.rejects(fill(), { code: 'journal.disk-full' });
  const parts = await openPartStore(join(dir, 'blobs', 'part'), blobs);
  const wanted = { sha256: '0'.repeat(64), sizeBytes: 2 * mib };
  await assert.rejects(parts.write('centre', wanted, 0, randomBytes(mib)), { code: 'journal.disk-full' });

  for (let number = 1; number <= 100; number++) await issue(number);
  assert.equal(journal.head(), 100);
  await observations.keep();
  assert.deepEqual([observations.held('logs').rows, observations.held('logs').dropped], [0, 1]);
  await observations.stop();
  await journal.close();
  db.close();
});
