import type { DatabaseSync } from 'node:sqlite';
import type { Fact } from '../../protocol/facts.ts';
import { type FactRow, factOf } from './fact-rows.ts';

/** A place in the chain of one epoch: a fact's number and digest. */
export interface Place {
  seq: number;
  hash: string;
}

/** The facts as they lie in the database, written once and never changed. */
export interface FactsTable {
  /** Returns the fact's position, its number over all epochs. */
  insert(fact: Fact, body: string, hash: string, standing: FactRow['standing']): number;
  newest(epoch: string): Place | undefined;
  place(epoch: string, seq: number): Place | undefined;
  /** Facts of an epoch behind `after` up to and with `upTo`, in order. */
  between(epoch: string, range: { after: number; upTo: number; limit: number }): Fact[];
  /** History of one case: its own facts, its documents' and its ticket's, over all epochs. */
  history(caseId: string, ticketId: string): Fact[];
  newestTrustedAt(): string | undefined;
}

export function createFactsTable(db: DatabaseSync): FactsTable {
  const insert =
    db.prepare(`insert into facts (epoch, seq, id, type, at, clock, subject, body, prev_hash, hash, standing)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const newest = db.prepare('select seq, hash from facts where epoch = ? order by seq desc limit 1');
  const place = db.prepare('select seq, hash from facts where epoch = ? and seq = ?');
  const between = db.prepare(
    'select * from facts where epoch = ? and seq > ? and seq <= ? order by seq limit ?',
  );
  const history = db.prepare(
    `select * from facts where (subject in (?, ?) or case_id = ?) and standing <> 'copy' order by position`,
  );
  const newestTrusted = db.prepare(
    `select at from facts where clock = 'trusted' order by position desc limit 1`,
  );
  const factsOf = (rows: unknown[]) => (rows as FactRow[]).map(factOf);
  return {
    insert: (fact, body, hash, standing) =>
      Number(
        insert.run(
          ...[fact.epoch, fact.seq, fact.id, fact.type, fact.at, fact.clock],
          ...[fact.subject, body, fact.prevHash, hash, standing],
        ).lastInsertRowid,
      ),
    newest: epoch => newest.get(epoch) as Place | undefined,
    place: (epoch, seq) => place.get(epoch, seq) as Place | undefined,
    between: (epoch, { after, upTo, limit }) => factsOf(between.all(epoch, after, upTo, limit)),
    history: (caseId, ticketId) => factsOf(history.all(caseId, ticketId, caseId)),
    newestTrustedAt: () => (newestTrusted.get() as { at: string } | undefined)?.at,
  };
}
