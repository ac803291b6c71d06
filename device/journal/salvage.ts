import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { transaction } from '../../platform/sqlite.ts';
import { hashFact } from '../../protocol/chain.ts';
import { isFact, type KnownFact } from '../../protocol/facts.ts';
import { type FactRow, factOf } from './fact-rows.ts';
import type { HighWater } from './high-water.ts';
import { projections } from './schema.ts';

/** What can still be read of a damaged database. */
export interface Salvage {
  epochs: { epoch: string; receipted: number; checkpointed: number }[];
  facts: FactRow[];
  state: { key: string; value: string }[];
}

/** Rows passed over after one that cannot be read: a damaged page holds some, and each try costs a read. */
const stepRows = 4;
/** Tries in a row that read nothing before the rest is given up. */
const mostTries = 5_000;

/** Reads what there is, fact by fact around what is damaged. Each fact is checked against its own digest. */
export function salvage(path: string): Salvage {
  const nothing: Salvage = { epochs: [], facts: [], state: [] };
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(path);
  } catch {
    return nothing;
  }
  const all = <T>(sql: string): T[] => {
    try {
      return db.prepare(sql).all() as T[];
    } catch {
      return [];
    }
  };
  try {
    return {
      epochs: all('select epoch, receipted, checkpointed from epochs order by number'),
      facts: readFacts(db).filter(isIntact),
      state: all('select key, value from state'),
    };
  } finally {
    db.close();
  }
}

function readFacts(db: DatabaseSync): FactRow[] {
  const facts: FactRow[] = [];
  let select: ReturnType<DatabaseSync['prepare']>;
  try {
    select = db.prepare('select * from facts where position > ? order by position limit 1');
  } catch {
    return facts;
  }
  for (let [after, tries] = [0, 0]; tries < mostTries; )
    try {
      const row = select.get(after) as FactRow | undefined;
      if (!row) break;
      facts.push(row);
      [after, tries] = [row.position, 0];
    } catch {
      after += stepRows;
      tries++;
    }
  return facts;
}

function isIntact(row: FactRow): boolean {
  try {
    const fact = factOf(row);
    return isFact(fact) && hashFact(fact) === row.hash;
  } catch {
    return false;
  }
}

/**
 * Puts what was read into a new database. A fact that speaks of something lost is kept for the centre and
 * for the record, but changes no projection. Returns the epoch that the damaged database ended with and
 * which of its numbers are gone.
 */
export function adopt(
  db: DatabaseSync,
  found: Salvage,
  known: HighWater | undefined,
): { lost: [number, number][]; knownUpTo: number } {
  const names = new Set([
    ...found.epochs.map(({ epoch }) => epoch),
    ...found.facts.map(({ epoch }) => epoch),
  ]);
  if (known) names.add(known.epoch);
  // Of a database that says nothing at all not even the name of its epoch is left.
  const newest = known?.epoch ?? found.epochs.at(-1)?.epoch ?? found.facts.at(-1)?.epoch ?? randomUUID();
  // The one that was written last has to stand last.
  names.delete(newest);
  return transaction(db, () => {
    const insertEpoch = db.prepare(
      'insert into epochs (epoch, receipted, checkpointed, damaged) values (?, ?, ?, 1)',
    );
    for (const epoch of [...names, newest]) {
      const row = found.epochs.find(each => each.epoch === epoch);
      const receipted = row?.receipted ?? (known?.epoch === epoch ? known.receipted : 0);
      insertEpoch.run(epoch, receipted, row?.checkpointed ?? 0);
    }
    const setState = db.prepare('insert into state (key, value) values (?, ?) on conflict do nothing');
    for (const { key, value } of found.state) setState.run(key, value);
    for (const row of found.facts) adoptFact(db, row);
    return holes(
      found.facts.filter(({ epoch }) => epoch === newest),
      known?.epoch === newest ? known.seq : 0,
    );
  });
}

function adoptFact(db: DatabaseSync, row: FactRow): void {
  const insert = db.prepare(`insert into facts
    (position, epoch, seq, id, type, at, clock, subject, body, prev_hash, hash, standing)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`);
  const { changes } = insert.run(
    ...[row.position, row.epoch, row.seq, row.id, row.type, row.at, row.clock],
    ...[row.subject, row.body, row.prev_hash, row.hash, row.standing],
  );
  if (changes === 0 || row.standing !== 'own') return;
  db.exec('savepoint adopted');
  try {
    for (const projection of projections) projection.prepare(db)(factOf(row) as KnownFact, row.position);
  } catch {
    db.exec('rollback to adopted');
    db.prepare(`update facts set standing = 'orphan' where position = ?`).run(row.position);
  }
  db.exec('release adopted');
}

function holes(
  facts: readonly FactRow[],
  knownUpTo: number,
): { lost: [number, number][]; knownUpTo: number } {
  const lost: [number, number][] = [];
  let next = 1;
  for (const { seq } of facts.toSorted((a, b) => a.seq - b.seq)) {
    if (seq > next) lost.push([next, seq - 1]);
    next = seq + 1;
  }
  if (knownUpTo >= next) lost.push([next, knownUpTo]);
  return { lost, knownUpTo: Math.max(knownUpTo, next - 1) };
}
