import type { Fact } from '../../protocol/facts.ts';

/** A fact as it lies in the database of a box. */
export interface FactRow {
  position: number;
  epoch: string;
  seq: number;
  id: string;
  type: string;
  at: string;
  clock: 'trusted' | 'untrusted';
  subject: string;
  body: string;
  prev_hash: string;
  hash: string;
  standing: 'own' | 'copy' | 'orphan';
}

export function factOf(row: FactRow): Fact {
  return {
    epoch: row.epoch,
    seq: row.seq,
    id: row.id,
    type: row.type,
    at: row.at,
    clock: row.clock,
    subject: row.subject,
    body: JSON.parse(row.body),
    prevHash: row.prev_hash,
  };
}
