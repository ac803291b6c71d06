import type { DatabaseSync } from 'node:sqlite';
import { openGroupCommits } from '../../platform/group-commits.ts';
import { asAppError } from '../../platform/sqlite.ts';

export interface Written<T> {
  result: T;
  /** Settles with the commit that the write shares with others: on the disk, or undone together with them. */
  durable: Promise<void>;
}

/** The only way to write to the database of a box. */
export interface GroupWriter {
  /**
   * Runs `work` at once, before this returns: alone in its savepoint, in a transaction that it shares with
   * whatever else is written until the disk is free (ADR 0008). Everybody on this connection reads it from
   * now on, nobody may be told before `durable`. Throws what `work` throws, which then has undone only
   * itself. `after` runs when it is durable, in the order of the writes.
   */
  write<T>(work: () => T, options?: { lazily?: boolean; after?: (result: T) => void }): Written<T>;
  /** When all that was written in a hurry so far is on the disk. Rejects when it was undone. */
  settled(): Promise<void>;
  /** Waits for the disk and lets go of the file. */
  close(): Promise<void>;
}

/** `onUndone` runs at once when a write or a group was undone: what was kept in memory of it is no longer true. */
export function openGroupWriter(db: DatabaseSync, { onUndone }: { onUndone?: () => void } = {}): GroupWriter {
  const commits = openGroupCommits(db, { onUndone });
  return {
    write(work, { lazily = false, after } = {}) {
      commits.begin();
      let result: ReturnType<typeof work>;
      try {
        result = work();
      } catch (error) {
        commits.undo(error);
        throw asAppError(error);
      }
      const durable = commits.end({ wrote: true, lazily, ...(after && { after: () => after(result) }) });
      return { result, durable };
    },
    settled: () => commits.settled() ?? Promise.resolve(),
    close: () => commits.close(),
  };
}
