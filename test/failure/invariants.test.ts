import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openBlobStore } from '../../platform/blob-store.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { factNaming, openTestCentre, openTestJournal } from '../fixtures/books.ts';
import type { Rule } from './books/rules.ts';
import { assertAllArrived, type Evidence, violationsIn } from './invariants.ts';

const box = 'mfc-041';

const issued = (number: string, requestId = randomUUID()): NewFact => ({
  type: 'ticket.issued',
  subject: randomUUID(),
  body: { number, serviceId: 's', day: '2026-11-22', requestId },
});

/** A box of three journals and a centre that agree: the second begun while two facts were not receipted. */
async function agreeing(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'okno-invariants-'));
  const at = (name: string) => join(dir, name);
  const { db, journal, state } = openTestJournal(at('box.db'));
  const blobs = await openBlobStore(at('blobs'));
  const centreBlobs = await openBlobStore(at('centre-blobs'));
  const { storage, ledger, downLogs, tell } = await openTestCentre(at('centre.db'));
  const bytes = randomBytes(100);
  const content = await blobs.put(bytes, 'application/octet-stream');
  const [wish, subject] = [randomUUID(), randomUUID()];
  await journal.commit([issued('А1', wish), { ...issued('А2'), subject }, factNaming(content)]);
  const send = async (after: number, limit: number) => {
    const facts = journal.read(after, limit);
    await ledger.accept([{ box, envelope: { v: 1, epoch: journal.epoch, facts } }]);
    journal.acceptReceipt(await ledger.receipt(box, journal.epoch));
    await journal.commit([]);
  };
  await ledger.contentArrived(await centreBlobs.put(bytes, 'application/octet-stream'));
  await send(0, 100);
  const old = journal.epoch;
  await journal.commit([issued('А3'), issued('А4')]);
  // The receipt of А3 got lost: it is carried over all the same, and stands in the centre twice.
  await ledger.accept([{ box, envelope: { v: 1, epoch: old, facts: journal.read(3, 1) } }]);
  await journal.beginEpoch('database-damaged');
  await send(0, 100);
  await journal.commit([issued('А5')]);
  await send(0, 100);
  const { log } = await downLogs.log(box);
  await tell(box, { type: 'register.published', body: { version: 1, content } });
  await journal.commit([], () => {
    state.set('down-log', log);
    state.set('down-applied', '1');
  });
  await downLogs.accept(box, log, 1);
  t.after(async () => {
    await journal.close();
    db.close();
    await storage.close();
    await rm(dir, { recursive: true, force: true });
  });
  const [printed, toldContents] = [['А1'], [content.sha256]];
  const evidence: Evidence = {
    boxes: [
      {
        ...{ box, dir, blobsDir: at('blobs'), journals: 2 },
        told: {
          tickets: [{ requestId: wish, number: 'А1' }],
          printed,
          subjects: [subject],
          contents: [content.sha256],
        },
      },
    ],
    centre: { storage, blobsDir: at('centre-blobs'), toldContents },
  };
  const change = (file: 'box.db' | 'centre.db', sql: string) => {
    const other = openDatabase(at(file));
    other.exec(`pragma foreign_keys = off; ${sql}`);
    other.close();
  };
  const spoil = (folder: string, { sha256 }: { sha256: string }) => {
    const path = join(at(folder), sha256.slice(0, 2), sha256);
    chmodSync(path, 0o600);
    writeFileSync(path, 'other bytes');
  };
  const remove = (folder: string, { sha256 }: { sha256: string }) =>
    rmSync(join(at(folder), sha256.slice(0, 2), sha256));
  return { printed, toldContents, evidence, change, spoil, remove, content, old };
}
type Agreeing = Awaited<ReturnType<typeof agreeing>>;

test('box and centre that agree break no rule, also with facts carried into a new journal', async t => {
  await assertAllArrived((await agreeing(t)).evidence);
});

/** What is done to the books, and what must be said of it. */
const breaks: [rule: Rule, what: string, change: (all: Agreeing) => void][] = [
  [
    'journal-broken',
    'a fact changed',
    ({ change }) => change('box.db', `update facts set at = '2020-01-01T00:00:00.000Z' where seq = 2`),
  ],
  [
    'journal-broken',
    'a fact gone from the middle',
    ({ change }) => change('box.db', 'delete from facts where position = 2'),
  ],
  [
    'journal-begun-unasked',
    'a journal nobody asked for',
    ({ change }) => change('box.db', `insert into epochs (epoch) values ('${randomUUID()}')`),
  ],
  [
    'ticket-doubled',
    'a number given twice',
    ({ change }) =>
      change('box.db', `update facts set body = json_set(body, '$.number', 'А1') where position = 2`),
  ],
  [
    'ticket-doubled',
    'a wish served twice',
    ({ change }) =>
      change(
        'box.db',
        `update facts set body = json_set(body, '$.requestId', (select json_extract(body, '$.requestId') from facts where position = 1)) where position = 2`,
      ),
  ],
  [
    'told-not-kept',
    'a ticket with another number than was told',
    ({ change }) =>
      change('box.db', `update facts set body = json_set(body, '$.number', 'Б9') where position = 1`),
  ],
  [
    'told-not-kept',
    'an acknowledged fact gone',
    ({ change }) => change('box.db', 'delete from facts where position = 2'),
  ],
  ['told-not-kept', 'a number printed that was not given', ({ printed }) => void printed.push('Б7')],
  ['told-not-kept', 'acknowledged content damaged', ({ spoil, content }) => spoil('blobs', content)],
  [
    'content-missing-on-box',
    'content of a fact gone from the box',
    ({ remove, content }) => remove('blobs', content),
  ],
  [
    'receipted-not-stored',
    'a receipt for what the centre has not',
    ({ change }) => change('centre.db', 'update streams set up_to = 1'),
  ],
  [
    'receipted-not-stored',
    'a centre that lost a journal',
    ({ change }) => change('centre.db', 'delete from streams; delete from facts'),
  ],
  [
    'differs-in-centre',
    'a fact that says another thing in the centre',
    ({ change }) => change('centre.db', `update facts set subject = 'x' where seq = 2`),
  ],
  [
    'stored-unwritten',
    'facts in the centre that the box lost',
    ({ change }) => change('box.db', `delete from facts where position = (select max(position) from facts)`),
  ],
  [
    'doubled-in-centre',
    'one fact under two numbers',
    ({ change }) => change('centre.db', 'update facts set id = (select min(id) from facts)'),
  ],
  [
    'centre-broken',
    'a hole in the centre',
    ({ change, old }) => change('centre.db', `delete from facts where seq = 2 and epoch = '${old}'`),
  ],
  [
    'centre-broken',
    'a watermark beyond what is stored',
    ({ change }) => change('centre.db', 'update streams set up_to = stored + 1'),
  ],
  [
    'refused-in-centre',
    'a fact among the dead letters',
    ({ change, old }) =>
      change('centre.db', `insert into dead_letters values ('${box}', '${old}', 9, '{}', 'malformed', '')`),
  ],
  [
    'content-missing-in-centre',
    'content gone from the centre',
    ({ remove, content }) => remove('centre-blobs', content),
  ],
  [
    'content-missing-in-centre',
    'content damaged in the centre',
    ({ spoil, content }) => spoil('centre-blobs', content),
  ],
  [
    'content-missing-in-centre',
    'content that was answered for and is not there',
    ({ toldContents }) => void toldContents.push('0'.repeat(64)),
  ],
  [
    'down-applied-twice',
    'an entry of the centre that caused two facts',
    ({ change }) =>
      change('box.db', `update facts set body = json_set(body, '$.downSeq', 1) where position < 3`),
  ],
  [
    'not-carried',
    'a fact of the journal before that neither side has',
    ({ change }) => change('box.db', `delete from facts where standing = 'copy' and body like '%А4%'`),
  ],
  [
    'down-receipt-not-kept',
    'an entry receipted that was not applied',
    ({ change }) => change('box.db', `update state set value = '0' where key = 'down-applied'`),
  ],
];

for (const [rule, what, change] of breaks)
  test(`the shared checker sees ${what}`, async t => {
    const all = await agreeing(t);
    change(all);
    const broken = (await violationsIn(all.evidence)).map(violation => violation.rule);
    assert.ok(broken.includes(rule), `${rule} not among ${broken.join(', ')}`);
  });

test('the shared checker sees a salvaged fact that did not come over', async t => {
  const { evidence, change } = await agreeing(t);
  const [{ dir = '' } = {}] = evidence.boxes;
  change('box.db', `vacuum into '${join(dir, 'copy.db')}'`);
  mkdirSync(join(dir, 'quarantine', 'then'), { recursive: true });
  renameSync(join(dir, 'copy.db'), join(dir, 'quarantine', 'then', 'box.db'));
  assert.deepEqual(await violationsIn(evidence), []);
  change('box.db', 'delete from facts where position = 2');
  const broken = (await violationsIn(evidence)).map(({ rule }) => rule);
  assert.ok(broken.includes('set-aside-lost'), broken.join(', '));
});
