import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openSqliteOver } from '../../central/storage/sqlite.ts';
import { sqliteDriver } from '../../central/storage/sqlite-dialect.ts';
import { migrateBox } from '../../device/journal/migrate-box.ts';
import { migrate } from '../../platform/sqlite.ts';

const [made, changed] = ['create table words (word text)', `insert into words values ('one more')`] as const;

const versionOf = (db: DatabaseSync) => db.prepare('pragma user_version').get()?.user_version;
const tablesOf = (db: DatabaseSync) =>
  db.prepare('select count(*) as tables from sqlite_schema').get()?.tables;

test('a new database and an earlier one get each change once, also when they are opened again', () => {
  const [fresh, earlier] = [new DatabaseSync(':memory:'), new DatabaseSync(':memory:')];
  migrate(earlier, [made], 7);
  for (const db of [fresh, earlier, earlier]) migrate(db, [made, changed], 7);
  for (const db of [fresh, earlier]) {
    assert.equal(versionOf(db), 8);
    assert.equal(db.prepare('select count(*) as rows from words').get()?.rows, 1);
  }
});

test('a change that fails leaves the database as it was, and the version says so', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, [made]);
  assert.throws(() => migrate(db, [made, `${changed}; insert into nothing values (1)`]));
  assert.equal(versionOf(db), 1);
  assert.equal(db.prepare('select count(*) as rows from words').get()?.rows, 0);
});

test('a database of before the first release is refused and untouched, in the box and in the centre', async () => {
  const db = new DatabaseSync(':memory:');
  db.exec('pragma user_version = 3');
  assert.throws(() => migrateBox(db), { code: 'setup.database-too-old' });
  await assert.rejects(() => openSqliteOver(sqliteDriver(db)), { code: 'setup.database-too-old' });
  assert.deepEqual([versionOf(db), tablesOf(db)], [3, 0]);
});
