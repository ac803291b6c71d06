import { type Driver, Kysely } from 'kysely';
import { openDatabase } from '../../platform/sqlite.ts';
import { insertNewInSqlite } from './insert-new.ts';
import { migrateStorage, type SchemaVersion } from './migrate.ts';
import { sqliteWords } from './sql-words.ts';
import { sqliteDialect, sqliteDriver } from './sqlite-dialect.ts';
import { createStorage, type Storage } from './storage.ts';
import type { CentreTables } from './tables.ts';
import { updateRowsInSqlite } from './update-rows.ts';

const version: SchemaVersion = {
  async read(transaction) {
    const [row] = await transaction.run<{ user_version: number }>('pragma user_version');
    return row?.user_version ?? 0;
  },
  write: (transaction, done) => transaction.run(`pragma user_version = ${done}`),
};

/** Opens the centre's database in a file, or `:memory:`, and brings it up to date. One process may have it. */
export async function openSqliteStorage(path: string): Promise<Storage> {
  return await openSqliteOver(sqliteDriver(openDatabase(path)));
}

/** The same for a database that a driver has already. */
export async function openSqliteOver(driver: Driver): Promise<Storage> {
  const storage = createSqliteStorage(driver);
  await migrateStorage(storage, version);
  return storage;
}

/** A database that is up to date. */
export function createSqliteStorage(driver: Driver): Storage {
  const kysely = new Kysely<CentreTables>({ dialect: sqliteDialect(driver) });
  const claimed = new Set<string>();
  return createStorage({
    kysely,
    words: sqliteWords,
    insertNew: insertNewInSqlite,
    updateRows: updateRowsInSqlite,
    lock: async () => {},
    async claim(name) {
      if (claimed.has(name)) return undefined;
      claimed.add(name);
      return { release: async () => void claimed.delete(name) };
    },
    // There is no other process.
    announce() {},
    onAnnounced() {},
    mayRepeat: () => false,
    close: () => kysely.destroy(),
  });
}
