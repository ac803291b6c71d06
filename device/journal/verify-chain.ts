import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../protocol/app-error.ts';
import { chainStart, hashFact } from '../../protocol/chain.ts';
import { limits } from '../../protocol/limits.ts';
import { type FactRow, factOf } from './fact-rows.ts';

const atOnce = 1000;

/**
 * Checks numbers and hash chain of one epoch. The first fact after `after` is believed about its own
 * predecessor unless it is the very first. In a damaged epoch holes are known, and each fact is checked
 * alone. Returns the number of facts and the digest of the last. Throws `journal.chain-broken`.
 */
export function verifyEpoch(
  db: DatabaseSync,
  epoch: string,
  options: { after?: number; damaged?: boolean } = {},
): { facts: number; head: string } {
  const { after = 0, damaged = false } = options;
  const select = db.prepare('select * from facts where epoch = ? and seq > ? order by seq limit ?');
  const read = (from: number) => select.all(epoch, from, atOnce) as unknown as FactRow[];
  let expected = after === 0 ? chainStart : undefined;
  let [facts, seq] = [0, after];
  for (let rows = read(seq); rows.length > 0; rows = read(seq))
    for (const row of rows) {
      const follows = row.seq === seq + 1 ? expected === undefined || row.prev_hash === expected : damaged;
      if (!follows || hashFact(factOf(row)) !== row.hash)
        throw new AppError('journal.chain-broken', { epoch, seq, found: row.seq });
      expected = row.hash;
      seq = row.seq;
      facts++;
    }
  return { facts, head: expected ?? chainStart };
}

/** Checks the newest facts of the newest epoch: what a power cut or a bad disk would have hit. Throws `journal.chain-broken`. */
export function verifyTail(db: DatabaseSync): void {
  const newest =
    db.prepare(`select epoch, damaged, (select max(seq) from facts where facts.epoch = epochs.epoch) as head
    from epochs order by number desc limit 1`);
  const row = newest.get() as { epoch: string; damaged: number; head: number | null } | undefined;
  if (!row) return;
  const after = Math.max(0, (row.head ?? 0) - limits.factsPerEnvelope);
  verifyEpoch(db, row.epoch, { after, damaged: row.damaged === 1 });
}
