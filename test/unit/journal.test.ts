import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { openJournal } from '../../device/journal/journal.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import { chainStart, hashFact } from '../../protocol/chain.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import type { Receipt } from '../../protocol/messages.ts';
import { testClock } from '../fixtures/test-clock.ts';

let dir: string;
let made = 0;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'okno-journal-'));
});
after(() => rmSync(dir, { recursive: true }));

const newPath = () => join(dir, `${++made}.db`);

function open(path = newPath()) {
  const db = openDatabase(path);
  const clock = testClock('2026-11-22T09:00:00.000Z');
  try {
    const journal = openJournal({ db, clock, clockQuality: () => 'untrusted' });
    const reopened = async () => {
      await journal.close();
      db.close();
      return open(path);
    };
    return { db, journal, path, reopened };
  } catch (error) {
    db.close();
    throw error;
  }
}

const issued = (number = 'А01', id: string = randomUUID()): NewFact => ({
  type: 'ticket.issued',
  subject: id,
  body: { number, serviceId: 'inn-certificate', day: '2026-11-22', requestId: randomUUID() },
});
const many = (count: number) => Array.from({ length: count }, (_, index) => issued(`А${index + 1}`));

const count = (db: DatabaseSync, table: string) =>
  (db.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n;

const receipt = (epoch: string, upTo: number, more: Partial<Receipt> = {}): Receipt => ({
  ...{ v: 1, epoch, upTo, stored: upTo, missing: [], refused: [], wanted: [] },
  ...more,
});

describe('facts', () => {
  test('are numbered from 1 without gaps, and each carries the digest of the one before', async () => {
    const { db, journal } = open();
    const written = [...(await journal.commit(many(2))), ...(await journal.commit([issued('Б01')]))];
    assert.deepEqual(
      written.map(fact => fact.seq),
      [1, 2, 3],
    );
    const [first, second, third] = journal.read(0, 10);
    assert.ok(first && second && third);
    assert.equal(first.prevHash, chainStart);
    assert.equal(second.prevHash, hashFact(first));
    assert.equal(third.prevHash, hashFact(second));
    assert.deepEqual(journal.verifyChain(), { facts: 3, head: hashFact(third) });
    assert.deepEqual(written, [first, second, third]);
    await journal.close();
    db.close();
  });

  test('say whether the clock was trusted, and belong to the epoch of the journal', async () => {
    const { db, journal } = open();
    const [fact] = await journal.commit([issued()]);
    assert.equal(fact?.clock, 'untrusted');
    assert.equal(fact?.epoch, journal.epoch);
    await journal.close();
    db.close();
  });

  test('keep their epoch and their numbers over a restart; another journal has another epoch', async () => {
    const first = open();
    await first.journal.commit(many(3));
    const { db, journal } = await first.reopened();
    assert.equal(journal.epoch, first.journal.epoch);
    assert.equal(journal.head(), 3);
    assert.equal((await journal.commit([issued('Б01')]))[0]?.seq, 4);
    assert.equal(journal.verifyChain().facts, 4);
    db.close();
    const other = open();
    assert.notEqual(other.journal.epoch, journal.epoch);
    other.db.close();
  });
});

describe('one transaction', () => {
  const nothing = (db: DatabaseSync) => assert.deepEqual([count(db, 'facts'), count(db, 'tickets')], [0, 0]);

  test('holds the fact and its projection', async () => {
    const { db, journal } = open();
    await journal.commit([issued()]);
    assert.deepEqual([count(db, 'facts'), count(db, 'tickets')], [1, 1]);
    await journal.close();
    db.close();
  });

  test('leaves nothing when a projection refuses a fact, not even the facts before it', async () => {
    const { db, journal } = open();
    const id = randomUUID();
    await assert.rejects(() => journal.commit([issued('А01', id), issued('А02', id)]));
    nothing(db);
    assert.equal((await journal.commit([issued()]))[0]?.seq, 1);
    await journal.close();
    db.close();
  });

  test('leaves nothing when the writer’s own part fails', async () => {
    const { db, journal } = open();
    const broken = () => {
      db.exec("insert into state (key, value) values ('half', 'done')");
      throw new Error('no');
    };
    await assert.rejects(() => journal.commit([issued()], broken), /no/);
    nothing(db);
    assert.equal(db.prepare("select value from state where key = 'half'").get(), undefined);
    await journal.close();
    db.close();
  });

  test('F04 a full disk is told as such and leaves nothing', async () => {
    const { db, journal } = open();
    const { page_count: pages } = db.prepare('pragma page_count').get() as { page_count: number };
    db.exec(`pragma max_page_count = ${pages}`);
    await assert.rejects(() => journal.commit(many(200)), /full/);
    nothing(db);
    db.exec('pragma max_page_count = 1000000');
    assert.equal((await journal.commit(many(200))).length, 200);
    await journal.close();
    db.close();
  });

  test('refuses a fact that breaks its schema, or whose subject no centre would take', async () => {
    const { db, journal } = open();
    const malformed = { ...issued(), body: { number: '' } } as unknown as NewFact;
    const unknown = { ...issued(), type: 'ticket.eaten' } as unknown as NewFact;
    for (const fact of [malformed, unknown, { ...issued(), subject: '' }])
      await assert.rejects(() => journal.commit([issued('Б01'), fact]), { code: 'journal.invalid-fact' });
    nothing(db);
    await journal.close();
    db.close();
  });

  test('refuses a fact that is too large for a message', async () => {
    const { db, journal } = open();
    const reason = 'я'.repeat(limits.factBytes);
    await assert.rejects(
      () => journal.commit([{ type: 'ticket.abandoned', subject: randomUUID(), body: { reason } }]),
      { code: 'journal.fact-too-large' },
    );
    nothing(db);
    await journal.close();
    db.close();
  });

  test('tells listeners only what was written', async () => {
    const { db, journal } = open();
    const heard: number[] = [];
    const stop = journal.onCommit(facts => heard.push(...facts.map(fact => fact.seq)));
    const id = randomUUID();
    await assert.rejects(() => journal.commit([issued('А01', id), issued('А02', id)]));
    await journal.commit([issued()]);
    stop();
    await journal.commit([issued('А02')]);
    assert.deepEqual(heard, [1]);
    await journal.close();
    db.close();
  });

  test('F41 a listener that fails ends the process, but never makes the writer believe that nothing was written', async () => {
    const { db, journal } = open();
    const uncaught = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const ended = new Promise(resolve => process.once('uncaughtException', resolve));
    journal.onCommit(() => {
      throw new Error('listener');
    });
    const heard: number[] = [];
    journal.onCommit(facts => heard.push(facts.length));
    assert.equal((await journal.commit([issued()])).length, 1);
    assert.match(String(await ended), /listener/);
    for (const listener of uncaught) process.on('uncaughtException', listener);
    assert.deepEqual(heard, [1]);
    await journal.close();
    db.close();
  });
});

describe('receipts', () => {
  test('empty the outbox up to their number and nothing more', async () => {
    const { db, journal } = open();
    await journal.commit(many(5));
    journal.acceptReceipt(receipt(journal.epoch, 3));
    assert.equal(journal.receiptedUpTo(), 3);
    assert.equal(journal.unsentCount(), 2);
    assert.equal(count(db, 'facts'), 5);
    await journal.close();
    db.close();
  });

  test('that come again, late, or for another epoch change nothing', async () => {
    const { db, journal } = open();
    await journal.commit(many(5));
    const [old, again] = [receipt(journal.epoch, 1), receipt(journal.epoch, 3)];
    journal.acceptReceipt(again);
    for (const each of [again, old, receipt(randomUUID(), 5, { refused: [1] })])
      assert.deepEqual(journal.acceptReceipt(each), []);
    assert.equal(journal.receiptedUpTo(), 3);
    assert.equal(journal.unsentCount(), 2);
    assert.equal(count(db, 'dead_letters'), 0);
    await journal.close();
    db.close();
  });

  test('F22 put refused facts aside once, and only facts that there are', async () => {
    const { db, journal } = open();
    await journal.commit(many(5));
    assert.deepEqual(journal.acceptReceipt(receipt(journal.epoch, 4, { refused: [2, 4, 99] })), [2, 4]);
    assert.deepEqual(journal.acceptReceipt(receipt(journal.epoch, 5, { refused: [2, 4, 5] })), [5]);
    assert.equal(count(db, 'dead_letters'), 3);
    await journal.close();
    db.close();
  });

  test('F21 for more than was ever written are refused: a restored journal loses nothing', async () => {
    const { db, journal } = open();
    await journal.commit(many(3));
    for (const ahead of [receipt(journal.epoch, 7), receipt(journal.epoch, 3, { stored: 4 })])
      assert.throws(() => journal.acceptReceipt(ahead), { code: 'journal.behind-centre' });
    assert.equal(journal.unsentCount(), 3);
    assert.equal(journal.receiptedUpTo(), 0);
    await journal.close();
    db.close();
  });
});

describe('a damaged database is found at the start', () => {
  const damages = {
    'a changed body': `update facts set body = replace(body, 'А2"', 'А9"') where seq = 2`,
    'a changed time': `update facts set at = '2026-11-22T08:00:00.000Z' where seq = 2`,
    'a missing fact': 'pragma foreign_keys = off; delete from facts where seq = 2',
    'a fact exchanged with its digest': `update facts set prev_hash = '${'1'.repeat(64)}' where seq = 2`,
  };
  for (const [name, sql] of Object.entries(damages))
    test(name, async () => {
      const { db, journal, path } = open();
      await journal.commit(many(3));
      db.exec(sql);
      db.close();
      assert.throws(() => open(path), { code: 'journal.chain-broken' });
    });

  test('and one far back by the whole check', async () => {
    const { db, journal, reopened } = open();
    await journal.commit(many(limits.factsPerEnvelope + 10));
    db.exec("update facts set at = '2026-11-22T08:00:00.000Z' where seq = 2");
    const again = await reopened();
    assert.throws(() => again.journal.verifyChain(), { code: 'journal.chain-broken' });
    again.db.close();
  });
});
