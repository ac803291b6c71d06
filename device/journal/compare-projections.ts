import type { DatabaseSync } from 'node:sqlite';
import { rebuildProjections } from './rebuild.ts';
import { projections } from './schema.ts';

export interface TableDifference {
  table: string;
  before: number;
  after: number;
  /** Rows that only one of the two has. */
  differ: number;
}

/**
 * Builds the projections again from the facts and counts, table by table, what became different. `keep`
 * says which of the two stays. All of it is one transaction.
 */
export function compareProjections(db: DatabaseSync, { keep }: { keep: 'old' | 'new' }): TableDifference[] {
  const tables = projections.flatMap(projection => projection.tables);
  const count = (sql: string) => (db.prepare(`select count(*) as n from ${sql}`).get() as { n: number }).n;
  // All tables of a branch's years are more than a box has memory for.
  db.exec('pragma temp_store = file');
  db.exec('begin immediate');
  try {
    for (const table of tables) db.exec(`create temp table old_${table} as select * from main.${table}`);
    rebuildProjections(db);
    const differences = tables.map(table => ({
      table,
      before: count(`temp.old_${table}`),
      after: count(`main.${table}`),
      differ:
        count(`(select * from temp.old_${table} except select * from main.${table})`) +
        count(`(select * from main.${table} except select * from temp.old_${table})`),
    }));
    for (const table of tables) db.exec(`drop table temp.old_${table}`);
    db.exec(keep === 'new' ? 'commit' : 'rollback');
    return differences;
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}
