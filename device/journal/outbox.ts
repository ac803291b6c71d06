import type { DatabaseSync } from 'node:sqlite';
import type { Fact } from '../../protocol/facts.ts';
import { type FactRow, factOf } from './fact-rows.ts';

/** What the centre has not receipted yet. Each method is part of the transaction it is called in. */
export interface Outbox {
  add(position: number): void;
  /** Waiting facts of an epoch behind `after` up to and with `upTo`, in order. */
  between(epoch: string, range: { after: number; upTo: number; limit: number }): Fact[];
  count(): number;
  /** Lets go of what was receipted: the numbers behind `after` up to and with `upTo`. */
  release(epoch: string, range: { after: number; upTo: number }): void;
  /** Lets go of everything. */
  clear(): void;
  /** Notes that the centre could not read a fact. Returns whether that is news. */
  refuse(epoch: string, seq: number, toldAt: string): boolean;
}

export function createOutbox(db: DatabaseSync): Outbox {
  const insert = db.prepare('insert into outbox (position) values (?)');
  const between = db.prepare(`select facts.* from facts join outbox using (position)
    where epoch = ? and seq > ? and seq <= ? order by seq limit ?`);
  const count = db.prepare('select count(*) as n from outbox');
  const release = db.prepare(
    'delete from outbox where position in (select position from facts where epoch = ? and seq <= ? and seq > ?)',
  );
  const clear = db.prepare('delete from outbox');
  const insertDead = db.prepare(
    'insert into dead_letters (position, told_at) select position, ? from facts where epoch = ? and seq = ? on conflict do nothing',
  );
  return {
    add: position => void insert.run(position),
    between: (epoch, { after, upTo, limit }) =>
      (between.all(epoch, after, upTo, limit) as unknown as FactRow[]).map(factOf),
    count: () => (count.get() as { n: number }).n,
    release: (epoch, { after, upTo }) => void release.run(epoch, upTo, after),
    clear: () => void clear.run(),
    refuse: (epoch, seq, toldAt) => insertDead.run(toldAt, epoch, seq).changes > 0,
  };
}
