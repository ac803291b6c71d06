import type { DatabaseSync } from 'node:sqlite';
import type { ParkedRow } from './projections/parked-entries.ts';

/** Entries of the centre that wait for an update of this box, in the order in which they came. */
export function readParkedEntries(db: DatabaseSync): ParkedRow[] {
  return db.prepare('select * from parked_entries order by position').all() as unknown as ParkedRow[];
}
