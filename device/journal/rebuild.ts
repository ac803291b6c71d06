import type { DatabaseSync } from 'node:sqlite';
import type { KnownFact } from '../../protocol/facts.ts';
import { type FactRow, factOf } from './fact-rows.ts';
import { projections } from './schema.ts';

const atOnce = 1000;

/** Drops every projection and reads all facts again; part of the transaction it is called in. */
export function rebuildProjections(db: DatabaseSync): void {
  const select = db.prepare(
    `select * from facts where position > ? and standing = 'own' order by position limit ${atOnce}`,
  );
  const read = (after: number) => select.all(after) as unknown as FactRow[];
  for (const { tables } of projections.toReversed())
    for (const table of tables) db.exec(`delete from ${table}`);
  const appliers = projections.map(projection => projection.prepare(db));
  for (let rows = read(0); rows.length > 0; rows = read(rows.at(-1)?.position ?? 0))
    for (const row of rows) for (const apply of appliers) apply(factOf(row) as KnownFact, row.position);
}
