import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GroupWriter, openGroupWriter } from '../../device/journal/group-writer.ts';
import { openDatabase } from '../../platform/sqlite.ts';

let dir: string;
let made = 0;
let db: ReturnType<typeof openDatabase>;
let writer: GroupWriter;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'okno-group-'));
});
after(() => rmSync(dir, { recursive: true }));
beforeEach(() => {
  db = openDatabase(join(dir, `${++made}.db`));
  db.exec('create table things (name text primary key) strict');
  writer = openGroupWriter(db);
});

const put = (name: string) => () => void db.prepare('insert into things values (?)').run(name);
const names = (on = db) =>
  (on.prepare('select name from things order by rowid').all() as { name: string }[]).map(({ name }) => name);
/** What somebody else would find. */
function committed(): string[] {
  const other = openDatabase(join(dir, `${made}.db`));
  const found = names(other);
  other.close();
  return found;
}
const end = async () => {
  await writer.close();
  db.close();
};

describe('writes that come together', () => {
  test('are read at once here, by nobody else, and are told only when they are committed', async () => {
    const told: string[] = [];
    const both = ['a', 'b'].map(name => {
      const { durable } = writer.write(put(name), { after: () => told.push(name) });
      return durable;
    });
    assert.deepEqual([names(), committed(), told], [['a', 'b'], [], []]);
    await Promise.race(both);
    assert.deepEqual(
      [committed(), told],
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    );
    await end();
  });

  test('are undone alone when they throw', async () => {
    const first = writer.write(put('a'));
    assert.throws(() => writer.write(put('a')), /UNIQUE/);
    const last = writer.write(put('b'));
    await Promise.all([first.durable, last.durable]);
    assert.deepEqual(committed(), ['a', 'b']);
    await end();
  });

  test('are undone alone when the first of them throws, after it wrote something', async () => {
    const spoilt = () => {
      put('a')();
      throw new Error('no');
    };
    assert.throws(() => writer.write(spoilt), /no/);
    assert.deepEqual(names(), []);
    const next = writer.write(put('b'));
    assert.throws(() => writer.write(spoilt), /no/);
    const last = writer.write(put('c'));
    await Promise.all([next.durable, last.durable]);
    assert.deepEqual(committed(), ['b', 'c']);
    assert.throws(() => writer.write(spoilt), /no/);
    // Nothing is left open that the closing would wait for.
    await end();
  });

  test('F04 are undone together, and each writer hears of it, when the disk is full at the commit', async () => {
    const wide = (name: string) => put(name + 'x'.repeat(100_000));
    const { page_count: pages } = db.prepare('pragma page_count').get() as { page_count: number };
    const first = writer.write(put('a'));
    db.exec(`pragma max_page_count = ${pages + 1}`);
    assert.throws(() => writer.write(wide('b')), { code: 'journal.disk-full' });
    const outcome = await first.durable.then(
      () => 'kept',
      error => error.code,
    );
    assert.deepEqual(names(), outcome === 'kept' ? ['a'] : []);
    db.exec('pragma max_page_count = 1000000');
    await writer.write(wide('c')).durable;
    assert.equal(committed().length, names().length);
    await end();
  });

  test('settle: whoever answers for what was read waits for the commit, and for nothing that is lazy', async () => {
    const { durable } = writer.write(put('a'));
    await writer.settled();
    assert.deepEqual(committed(), ['a']);
    await durable;
    writer.write(put('b'), { lazily: true });
    await writer.settled();
    assert.deepEqual(committed(), ['a']);
    await end();
  });
});

test('a lazy write goes with the next commit, or soon by itself', async () => {
  const lazy = writer.write(put('a'), { lazily: true });
  await writer.write(put('b')).durable;
  assert.deepEqual(committed(), ['a', 'b']);
  await lazy.durable;
  await writer.write(put('c'), { lazily: true }).durable;
  assert.deepEqual(committed(), ['a', 'b', 'c']);
  await end();
});

test('closing waits for the disk', async () => {
  const told: string[] = [];
  writer.write(put('a'), { after: () => told.push('a') });
  writer.write(put('b'), { lazily: true, after: () => told.push('b') });
  await writer.close();
  assert.deepEqual(
    [committed(), told],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  );
  db.close();
});

test('who writes on and on is stopped by the closing, and what was told is on the disk', async () => {
  const told: string[] = [];
  const writing = (async () => {
    for (;;) {
      await writer.write(put(`${told.length}`)).durable;
      told.push(`${told.length}`);
    }
  })();
  await sleep(20);
  const stopped = assert.rejects(writing, /is closed/);
  await end();
  await stopped;
  assert.deepEqual(committed(), told);
});
