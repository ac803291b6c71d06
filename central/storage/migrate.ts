import { migrationsSeen } from '../../platform/schema-version.ts';
import { centreMigrations, firstCentreVersion } from './schema.ts';
import type { Storage, Transaction } from './storage.ts';

/** Where a database keeps its version. */
export interface SchemaVersion {
  read(transaction: Transaction): Promise<number>;
  write(transaction: Transaction, version: number): Promise<unknown>;
}

/** Applies the migrations that this database has not seen yet, in order, one transaction each. */
export async function migrateStorage(storage: Storage, version: SchemaVersion): Promise<void> {
  while (await storage.transaction(applyNext));

  async function applyNext(transaction: Transaction): Promise<boolean> {
    await transaction.lock(['migration']);
    const seen = migrationsSeen(await version.read(transaction), firstCentreVersion);
    const migration = centreMigrations[seen];
    if (!migration) return false;
    for (const statement of statementsOf(migration(storage.words))) await transaction.run(statement);
    await version.write(transaction, firstCentreVersion + seen);
    return true;
  }
}

/** Statements end with `;` at the end of a line; comments are for the reader. */
const statementsOf = (text: string) =>
  text
    .replaceAll(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map(statement => statement.trim())
    .filter(statement => statement !== '');
