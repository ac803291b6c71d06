import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../platform/sqlite.ts';
import { openTestJournal } from '../fixtures/books.ts';

const main = fileURLToPath(new URL('../../provisioning/okno/main.ts', import.meta.url));
let root: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'okno-box-'));
});
after(() => rmSync(root, { recursive: true, force: true }));

function okno(command: string, data: string) {
  const run = spawnSync(process.execPath, [main, 'box', command, '--data', data], { encoding: 'utf8' });
  return { status: run.status, result: run.stdout === '' ? undefined : JSON.parse(run.stdout) };
}

/** A box with three tickets, then changed by hand. */
async function boxWith(sql = ''): Promise<string> {
  const dir = mkdtempSync(join(root, 'data-'));
  const { db, journal } = openTestJournal(join(dir, 'box.db'));
  for (const number of ['А01', 'А02', 'А03'])
    await journal.commit([
      {
        type: 'ticket.issued',
        subject: randomUUID(),
        body: { number, serviceId: 's', day: '2026-11-22', requestId: randomUUID() },
      },
    ]);
  await journal.close();
  db.exec(sql);
  db.close();
  return dir;
}

const numbers = (dir: string) => {
  const db = openDatabase(join(dir, 'box.db'));
  const rows = db.prepare('select number, state from tickets order by number').all();
  db.close();
  return rows.map(row => ({ ...row }));
};

test('`box check` of a healthy box says so', async () => {
  const { status, result } = okno('check', await boxWith());
  assert.equal(status, 0);
  assert.deepEqual(
    [result.ok, result.epochs.length, result.epochs[0].facts, result.epochs[0].broken],
    [true, 1, 3, null],
  );
});

test('`box check` finds a projection that does not follow from the facts, and leaves it; `box rebuild` mends it', async () => {
  const dir = await boxWith(`update tickets set state = 'done' where number = 'А02'`);
  const before = numbers(dir);
  const checked = okno('check', dir);
  assert.equal(checked.status, 1);
  const differ = { table: 'tickets', before: 3, after: 3, differ: 2 };
  assert.deepEqual(checked.result.tables[0], differ);
  assert.deepEqual(numbers(dir), before);
  const rebuilt = okno('rebuild', dir);
  assert.equal(rebuilt.status, 0);
  assert.deepEqual(rebuilt.result.tables[0], differ);
  assert.deepEqual(
    numbers(dir),
    ['А01', 'А02', 'А03'].map(number => ({ number, state: 'issued' })),
  );
  assert.equal(okno('check', dir).status, 0);
});

test('`box check` finds a fact that was changed', async () => {
  const { status, result } = okno(
    'check',
    await boxWith(`update facts set subject = 'forged' where seq = 2`),
  );
  assert.equal(status, 1);
  assert.deepEqual(
    [result.epochs[0].broken.code, result.epochs[0].broken.found],
    ['journal.chain-broken', 2],
  );
});

test('a folder without a database is told apart', () => {
  assert.equal(okno('check', root).status, 3);
});
