import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardIntake } from '../../device/cases/intake-guard.ts';
import { openObservations } from '../../device/journal/observations.ts';
import { countOutbox } from '../../device/journal/outbox-counts.ts';
import { factBodies } from '../../protocol/facts.ts';
import { classOfFact, outboxClasses, outboxPolicies } from '../../protocol/outbox.ts';
import { blobOf, factNaming, openTestJournal, plainFact, silentLog } from '../fixtures/books.ts';
import { minuteMs, testClock } from '../fixtures/test-clock.ts';

function setting() {
  const { db, journal } = openTestJournal();
  const clock = testClock('2026-11-22T09:00:00.000Z');
  const observations = openObservations({ db, journal, clock, log: silentLog, isDiskLow: async () => false });
  const outbox = countOutbox({ db, observations, clock });
  const disk = { freeBytes: 1_000_000 };
  const intake = guardIntake({
    outbox,
    freeBytes: async () => disk.freeBytes,
    minFreeBytes: 500_000,
    policies: { ...outboxPolicies, documents: { whenFull: 'refuse-intake', bytes: 2_000_000 } },
  });
  const of = (kind: string) => outbox.counters().find(counters => counters.class === kind);
  return { journal, clock, observations, outbox, disk, intake, of };
}

test('every fact has a class, and documents, cases and tickets are never dropped', async () => {
  assert.deepEqual(Object.keys(classOfFact).sort(), Object.keys(factBodies).sort());
  assert.deepEqual(
    outboxClasses.filter(kind => outboxPolicies[kind].whenFull === 'drop-oldest'),
    ['telemetry', 'logs'],
  );
});

test('F04 documents are refused with a code while the disk is low, each refusal is counted, and tickets go on', async t => {
  const { journal, disk, intake, of, observations } = setting();
  t.after(observations.stop);
  await intake.assertOpen();
  disk.freeBytes = 499_999;
  for (let n = 0; n < 2; n++) await assert.rejects(intake.assertOpen(), { code: 'case.disk-low' });
  await journal.commit([plainFact()]);
  assert.equal(of('documents')?.refused, 2);
  disk.freeBytes = 500_000;
  await intake.assertOpen();
  assert.equal(of('documents')?.refused, 2);
});

test('F15 documents are refused while more bytes wait for the centre than their class may hold', async t => {
  const { journal, clock, intake, of, observations } = setting();
  t.after(observations.stop);
  const content = { ...blobOf(Buffer.from('package')), sizeBytes: 2_500_000 };
  await journal.commit([plainFact(), factNaming(content)]);
  await assert.rejects(intake.assertOpen(), { code: 'case.outbox-full' });
  const documents = of('documents');
  assert.ok(documents && documents.rows === 1 && documents.bytes > 2_500_000 && documents.oldestAt);
  assert.equal(of('cases')?.rows, 1);
  const [head] = journal.read(1, 1);
  assert.ok(head);
  journal.acceptReceipt({
    ...{ v: 1, epoch: journal.epoch, upTo: 2, stored: 2, missing: [], refused: [], wanted: [] },
  });
  clock.advance(minuteMs);
  await intake.assertOpen();
  assert.deepEqual(
    outboxClasses.map(kind => of(kind)?.rows),
    [0, 0, 0, 0, 0],
  );
});
