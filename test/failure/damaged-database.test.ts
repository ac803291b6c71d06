import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { closeSync, cpSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'; // biome-ignore format: one line
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { keepHighWater } from '../../device/journal/high-water.ts';
import { openBoxJournal } from '../../device/journal/open-box-journal.ts';
import { systemClock } from '../../platform/clock.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import type { Fact, NewFact } from '../../protocol/facts.ts';
import { openTestCentre, silentLog } from '../fixtures/books.ts';
import { assertNothingLost } from './invariants.ts';

const box = 'mfc-041';
let root: string;
let dir: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'okno-damage-'));
});
after(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  dir = mkdtempSync(join(root, 'box-'));
});

const open = () => openBoxJournal({ dir, clock: systemClock, clockQuality: () => 'trusted', log: silentLog });
type Open = Awaited<ReturnType<typeof open>>;
const path = () => join(dir, 'box.db');

async function close({ db, journal }: Open): Promise<void> {
  await journal.close();
  db.close();
}

const issued = (number: number): NewFact => ({
  type: 'ticket.issued',
  subject: randomUUID(),
  body: { number: `А${number}`, serviceId: 's', day: '2026-11-22', requestId: randomUUID() },
});

/** A journal of 400 tickets, noted up to the end, the first 300 receipted. */
async function written(): Promise<{ epoch: string; earlier: Fact[] }> {
  const { db, journal } = await open();
  const highWater = keepHighWater(dir, journal, silentLog);
  for (let n = 0; n < 400; n += 20)
    await journal.commit(Array.from({ length: 20 }, (_, index) => issued(n + index + 1)));
  const { epoch } = journal;
  journal.acceptReceipt({ v: 1, epoch, upTo: 300, stored: 300, missing: [], refused: [], wanted: [] });
  await journal.settled();
  await journal.commit([]);
  const earlier = journal.read(0, 300);
  await highWater.stop();
  await close({ db, journal });
  return { epoch, earlier };
}

const tickets = ({ db }: Open) => (db.prepare('select count(*) as n from tickets').get() as { n: number }).n;

function overwrite(fromPart: number, bytes: Buffer): void {
  const file = openSync(path(), 'r+');
  const at = Math.floor(statSync(path()).size * fromPart);
  writeSync(file, bytes, 0, bytes.length, at - (at % 4096));
  closeSync(file);
}

const damages: Record<string, () => void> = {
  'a page of zeros in the middle': () => overwrite(0.5, Buffer.alloc(4096)),
  'noise over some pages': () => overwrite(0.3, Buffer.alloc(16_384, 0xa5)),
  'a file cut in half': () => truncateSync(path(), Math.floor(statSync(path()).size / 2)),
  'an empty file': () => truncateSync(path(), 0),
  'a file of zeros': () => writeFileSync(path(), Buffer.alloc(statSync(path()).size)),
  'no file at all': () => rmSync(path()),
  'a fact changed behind our back': () => {
    const db = openDatabase(path());
    db.exec(`update facts set at = '2020-01-01T00:00:00.000Z' where seq = 390`);
    db.close();
  },
};

for (const [name, damage] of Object.entries(damages))
  test(`F02, F03 ${name}: put aside, what can be read goes on, and the centre hears what is gone`, async t => {
    const { epoch, earlier } = await written();
    damage();
    const size = name === 'no file at all' ? undefined : readFileSync(path());
    const opened = await open();
    const { journal, db } = opened;
    assert.notEqual(journal.epoch, epoch);
    const [begun, ...carried] = journal.read(0, 1000);
    assert.equal(begun?.type, 'journal.epoch-begun');
    const body = begun?.body as {
      previous: { epoch: string; knownUpTo: number; lost: [number, number][] };
      carried: number;
    };
    assert.deepEqual([body.previous.epoch, body.previous.knownUpTo], [epoch, 400]);
    const lost = body.previous.lost.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    assert.equal(tickets(opened), 400 - lost);
    assert.equal(carried.length, body.carried);
    t.diagnostic(`${lost} of 400 facts lost, ${carried.length} carried`);
    if (size) {
      const [aside = ''] = readdirSync(join(dir, 'quarantine'));
      assert.deepEqual(readFileSync(join(dir, 'quarantine', aside, 'box.db')), size);
    }

    await journal.commit([issued(900)]);
    journal.verifyChain();
    const before = db.prepare('select * from tickets order by id').all();
    await journal.rebuild();
    assert.deepEqual(db.prepare('select * from tickets order by id').all(), before);

    const { storage, ledger, troubles } = await openTestCentre();
    // What was receipted before the damage had come to the centre.
    for (let after = 0; after < earlier.length; after += 100)
      await ledger.accept([{ box, envelope: { v: 1, epoch, facts: earlier.slice(after, after + 100) } }]);
    await ledger.accept([{ box, envelope: { v: 1, epoch: journal.epoch, facts: journal.read(0, 256) } }]);
    await assertNothingLost({ boxes: [{ box, dir, journals: 2 }], centre: { storage } });
    const [trouble] = await troubles.newest(1);
    assert.equal(trouble?.code, 'journal.epoch-begun');
    const nowhere = body.previous.lost.reduce(
      (sum, [from, to]) => sum + Math.max(0, to - Math.max(from, 301) + 1),
      0,
    );
    assert.equal(trouble?.details.missing !== '0', nowhere > 0);
    const newEpoch = journal.epoch;
    await close(opened);
    const again = await open();
    assert.equal(again.journal.epoch, newEpoch, 'one epoch, however often it starts');
    await close(again);
  });

describe('F21', () => {
  test('a database put back from a copy begins a new epoch at the start, and uses no number twice', async () => {
    await close(await open());
    cpSync(path(), join(dir, 'copy.db'));
    const { epoch } = await written();
    cpSync(join(dir, 'copy.db'), path());
    const opened = await open();
    const [begun] = opened.journal.read(0, 1);
    assert.deepEqual(
      [begun?.body.reason, begun?.body.previous],
      ['restored-from-copy', { epoch, upTo: 0, knownUpTo: 400, lost: [[1, 400]] }],
    );
    await close(opened);
  });

  test('a healthy database goes on in its epoch', async () => {
    const { epoch } = await written();
    const opened = await open();
    assert.equal(opened.journal.epoch, epoch);
    assert.equal(opened.journal.head(), 400);
    await close(opened);
  });
});
