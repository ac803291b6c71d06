import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../protocol/app-error.ts';
import { makeFolder } from './atomic-file.ts';
import { migrationsSeen } from './schema-version.ts';

/** SQLite: the disk is full. */
const sqliteFull = 13;

/**
 * Lets nobody but its owner read a database, whatever was before: words about people and texts of their papers lie
 * in it. SQLite makes the files beside it with the same rights.
 */
export function keepToOwner(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  for (const part of ['', '-wal', '-shm']) if (existsSync(path + part)) chmodSync(path + part, 0o600);
}

/** Opens a database for records: WAL, every commit fsynced, foreign keys on. */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') {
    makeFolder(dirname(path));
    keepToOwner(path);
  }
  const db = new DatabaseSync(path);
  db.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000;',
  );
  return db;
}

/** Runs `work` in one transaction: all of it or nothing. `work` must not await. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('begin immediate');
  try {
    const result = work();
    db.exec('commit');
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself; the error must stay the one that a person can mend.
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

/**
 * Applies the statements that this database has not seen yet, in order; each once. The first ones make a database of
 * version `first`.
 */
export function migrate(db: DatabaseSync, migrations: readonly string[], first = 1): void {
  const { user_version: version } = db.prepare('pragma user_version').get() as { user_version: number };
  const seen = migrationsSeen(version, first);
  for (const [index, statements] of migrations.slice(seen).entries())
    transaction(db, () => {
      db.exec(statements);
      db.exec(`pragma user_version = ${first + seen + index}`);
    });
}

/** A full disk is something that a person can mend. */
export function asAppError(error: unknown): unknown {
  return (error as { errcode?: number }).errcode === sqliteFull
    ? new AppError('journal.disk-full', {}, { cause: error })
    : error;
}
