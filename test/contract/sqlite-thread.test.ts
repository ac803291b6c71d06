import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSqliteInThread } from '../../central/ledger/threaded-sqlite.ts';
import { encodeMessage } from '../../protocol/messages.ts';
import { openBooks, openTestJournal, plainFact } from '../fixtures/books.ts';

async function openInThread(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'okno-thread-'));
  const wish = { path: join(dir, 'centre.db'), sealAnchors: [], logLevel: 'silent' };
  const { storage, intake } = await openSqliteInThread(wish);
  t.after(async () => {
    await storage.close();
    await rm(dir, { recursive: true, force: true });
  });
  return { intake, ...openBooks(storage) };
}

async function envelopeOf(facts: number) {
  const { journal } = openTestJournal();
  const written = await journal.commit(Array.from({ length: facts }, (_, n) => plainFact(n)));
  return { epoch: journal.epoch, payload: encodeMessage({ v: 1, epoch: journal.epoch, facts: written }) };
}

test('envelopes of several boxes are stored in the thread, each journal has its receipt, and everybody reads them', async t => {
  const { intake, ledger } = await openInThread(t);
  const [first, second] = [await envelopeOf(3), await envelopeOf(200)];
  const batch = [
    { box: 'mfc-041', payload: first.payload },
    { box: 'mfc-042', payload: second.payload },
    { box: 'mfc-041', payload: first.payload },
  ];
  const receipts = await intake(batch);
  assert.deepEqual(
    receipts.map(({ box, receipt: { epoch, stored, upTo } }) => ({ box, epoch, stored, upTo })),
    [
      { box: 'mfc-041', epoch: first.epoch, stored: 3, upTo: 3 },
      { box: 'mfc-042', epoch: second.epoch, stored: 200, upTo: 200 },
    ],
  );
  assert.equal((await ledger.facts('mfc-042', second.epoch)).length, 200);
});

test('F22 an envelope that cannot be read is told of and costs its neighbours nothing', async t => {
  const { intake, troubles } = await openInThread(t);
  const { epoch, payload } = await envelopeOf(1);
  const receipts = await intake([
    { box: 'mfc-042', payload: Buffer.from('nonsense') },
    { box: 'mfc-041', payload },
  ]);
  assert.deepEqual(
    receipts.map(({ box, receipt }) => [box, receipt.epoch, receipt.stored]),
    [['mfc-041', epoch, 1]],
  );
  assert.deepEqual(
    (await troubles.newest(10)).map(({ code, subject }) => [code, subject]),
    [['sync.protocol-unknown', 'mfc-042']],
  );
});

test('transactions of the other thread come one after another, whole or not at all', async t => {
  const { storage, intake, downLogs, tell } = await openInThread(t);
  const now = new Date().toISOString();
  const entry = (number: number) => ({
    type: 'case.status' as const,
    body: { caseId: randomUUID(), status: `s-${number}`, by: 'centre' as const, saidAt: now },
  });
  const { payload } = await envelopeOf(5);
  const failing = storage.transaction(async transaction => {
    await downLogs.append(transaction, 'mfc-041', entry(0));
    throw new Error('changed its mind');
  });
  const all = await Promise.allSettled([
    tell('mfc-041', entry(1)),
    failing,
    intake([{ box: 'mfc-041', payload }]),
    tell('mfc-041', entry(2)),
    storage.run('insert into nowhere values (1)'),
  ]);
  assert.deepEqual(
    all.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected'],
  );
  const told = await downLogs.entries('mfc-041', 0, 10);
  assert.deepEqual(
    told.map(({ seq, body }) => [seq, body.status]),
    [
      [1, 's-1'],
      [2, 's-2'],
    ],
  );
});
