import type { DatabaseSync } from 'node:sqlite';

/** Facts that the centre could not read: it put them aside and went on (F22). */
export interface DeadLetters {
  /** Part of the transaction it is called in. Returns whether that is news about a fact that there is. */
  add(epoch: string, seq: number, toldAt: string): boolean;
}

export function createDeadLetters(db: DatabaseSync): DeadLetters {
  const insert = db.prepare(
    'insert into dead_letters (position, told_at) select position, ? from facts where epoch = ? and seq = ? on conflict do nothing',
  );
  return { add: (epoch, seq, toldAt) => insert.run(toldAt, epoch, seq).changes > 0 };
}
