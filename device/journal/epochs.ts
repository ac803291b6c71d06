import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

interface EpochRow {
  epoch: string;
  /** Everything up to this number is in the centre for good. */
  receipted: number;
  /** Number of the newest signed checkpoint. */
  checkpointed: number;
  /** Parts of it were lost with a damaged database. */
  damaged: number;
}

/** The journals of this box; the newest is the one that is written. A new database gets its first. */
export interface Epochs {
  /** Adds a new one. */
  begin(): void;
  /** The newest, kept in memory. */
  current(): EpochRow;
  /** Oldest first. */
  all(): EpochRow[];
  setReceipted(upTo: number): void;
  setCheckpointed(seq: number): void;
  /** What was kept in memory is no longer true. */
  reset(): void;
}

export function createEpochs(db: DatabaseSync): Epochs {
  const newest = db.prepare('select * from epochs order by number desc limit 1');
  const insert = db.prepare('insert into epochs (epoch) values (?)');
  const all = db.prepare('select * from epochs order by number');
  const setReceipted = db.prepare('update epochs set receipted = ? where epoch = ?');
  const setCheckpointed = db.prepare('update epochs set checkpointed = ? where epoch = ?');
  let kept: EpochRow | undefined;

  function current(): EpochRow {
    kept ??= newest.get() as EpochRow | undefined;
    if (kept) return kept;
    begin();
    return current();
  }

  function begin(): void {
    insert.run(randomUUID());
    kept = undefined;
  }

  return {
    current,
    begin,
    all: () => all.all() as unknown as EpochRow[],
    setReceipted(upTo) {
      setReceipted.run(upTo, current().epoch);
      current().receipted = upTo;
    },
    setCheckpointed(seq) {
      setCheckpointed.run(seq, current().epoch);
      current().checkpointed = seq;
    },
    reset() {
      kept = undefined;
    },
  };
}
