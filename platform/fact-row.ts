import type { Fact } from '../protocol/facts.ts';

/** A fact as it lies in a database, of the box or of the centre, whatever else stands beside it. */
export interface FactColumns {
  epoch: string;
  seq: number;
  id: string;
  type: string;
  at: string;
  clock: 'trusted' | 'untrusted';
  subject: string;
  /** Canonical JSON. */
  body: string;
  prev_hash: string;
}

export function factOf(row: FactColumns): Fact {
  const { epoch, seq, id, type, at, clock, subject, body, prev_hash: prevHash } = row;
  return { epoch, seq, id, type, at, clock, subject, body: JSON.parse(body), prevHash };
}
