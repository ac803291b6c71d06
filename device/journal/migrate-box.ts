import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { migrate, transaction } from '../../platform/sqlite.ts';
import { rebuildProjections } from './rebuild.ts';
import { boxMigrations, firstBoxVersion, projections } from './schema.ts';

const schemas = projections.map(({ schema }) => schema).join('\n');
const fingerprint = createHash('sha256').update(schemas).digest('hex');

/**
 * Brings a box's database up to date: what is record by migrations, once each; what is projection by building
 * it anew from the facts whenever its tables are not those of this version (ADR 0002), also after a step back.
 */
export function migrateBox(db: DatabaseSync): void {
  migrate(db, boxMigrations, firstBoxVersion);
  const known = db.prepare(`select value from state where key = 'projections'`).get();
  if (known?.value === fingerprint) return;
  transaction(db, () => {
    for (const { tables } of projections.toReversed())
      for (const table of tables) db.exec(`drop table if exists ${table}`);
    db.exec(schemas);
    rebuildProjections(db);
    db.prepare(`insert or replace into state (key, value) values ('projections', ?)`).run(fingerprint);
  });
}
