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

/** The journals of this box, oldest first; the newest is the one that is written. */
export interface Epochs {
  /** Name of the newest; a new database gets its first. */
  newest(): string;
  /** Adds a new one and returns its name. */
  begin(): string;
  get(epoch: string): EpochRow;
  all(): EpochRow[];
  setReceipted(epoch: string, upTo: number): void;
  setCheckpointed(epoch: string, seq: number): void;
}

export function createEpochs(db: DatabaseSync): Epochs {
  const newest = db.prepare('select epoch from epochs order by number desc limit 1');
  const insert = db.prepare('insert into epochs (epoch) values (?)');
  const select = db.prepare('select * from epochs where epoch = ?');
  const all = db.prepare('select * from epochs order by number');
  const setReceipted = db.prepare('update epochs set receipted = ? where epoch = ?');
  const setCheckpointed = db.prepare('update epochs set checkpointed = ? where epoch = ?');

  function begin(): string {
    const epoch = randomUUID();
    insert.run(epoch);
    return epoch;
  }

  return {
    newest: () => (newest.get() as { epoch: string } | undefined)?.epoch ?? begin(),
    begin,
    get: epoch => select.get(epoch) as unknown as EpochRow,
    all: () => all.all() as unknown as EpochRow[],
    setReceipted: (epoch, upTo) => void setReceipted.run(upTo, epoch),
    setCheckpointed: (epoch, seq) => void setCheckpointed.run(seq, epoch),
  };
}
