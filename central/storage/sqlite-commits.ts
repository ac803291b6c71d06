import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** Pages of the log (32 MB) that are gathered before they go to the database, which waits for the disk three times. */
const logPages = 8000;
/** Pages of indexes are touched at random; each that is not here is read and written more than once. */
const cacheKilobytes = 64 * 1024;

/** Commits of the centre's SQLite file that share a flush of the disk. */
export interface Commits {
  /** Work begins, alone in its savepoint; one at a time. */
  begin(): void;
  /** The work is done. Resolves when it survives a power cut, together with all that went before. */
  end(wrote: boolean): Promise<void>;
  /** Undoes the work, and only it, unless SQLite gave up on everything that is not committed (a full disk). */
  undo(reason: unknown): void;
  /** When all that can be read at this moment survives a power cut; undefined when it does already. */
  settled(): Promise<void> | undefined;
  /** Waits for the disk and lets go of the file. */
  close(): Promise<void>;
}

interface Group {
  wrote: boolean;
  inWork: boolean;
  done: PromiseWithResolvers<void>;
}

/**
 * Group commit as on the box (ADR 0008): SQLite writes its log without waiting, a thread flushes the log
 * while the program goes on, and what comes meanwhile shares the next flush. A flush that fails leaves
 * nobody knowing what is on the disk: the program ends (F41).
 */
export function openCommits(db: DatabaseSync): Commits {
  // What a killed process left in the log was perhaps never flushed, and must be before anybody reads it.
  db.exec(`pragma wal_checkpoint(truncate); pragma synchronous = normal;
    pragma wal_autocheckpoint = ${logPages}; pragma cache_size = -${cacheKilobytes};`);
  const path = db.location();
  const log = path === null ? undefined : openLog(path);
  const begin = db.prepare('begin immediate');
  const commit = db.prepare('commit');
  const rollback = db.prepare('rollback');
  const savepoint = db.prepare('savepoint work');
  const release = db.prepare('release work');
  const back = db.prepare('rollback to work');
  let open: Group | undefined;
  let flushing: Group | undefined;
  let scheduled = false;

  function beginGroup(): Group {
    begin.run();
    open = { wrote: false, inWork: false, done: Promise.withResolvers<void>() };
    // Whoever only reads may never look.
    open.done.promise.catch(() => {});
    return open;
  }

  /** Commits when the disk is free, and with it everybody who is there in this turn of the event loop. */
  function schedule(): void {
    if (!open || open.inWork || flushing || scheduled) return;
    scheduled = true;
    setImmediate(commitGroup);
  }

  function commitGroup(): void {
    scheduled = false;
    const group = open;
    if (!group || group.inWork) return;
    open = undefined;
    try {
      commit.run();
    } catch (error) {
      if (db.isTransaction) rollback.run();
      group.done.reject(error);
      return;
    }
    if (group.wrote && log !== undefined) flush(group, log);
    else group.done.resolve();
  }

  function flush(group: Group, log: number): void {
    flushing = group;
    fdatasync(log, error => {
      flushing = undefined;
      if (error) {
        group.done.reject(error);
        throw error;
      }
      group.done.resolve();
      schedule();
    });
  }

  return {
    begin() {
      const group = open ?? beginGroup();
      savepoint.run();
      group.inWork = true;
    },
    end(wrote) {
      const group = open as Group;
      release.run();
      group.inWork = false;
      group.wrote ||= wrote;
      schedule();
      return group.done.promise;
    },
    undo(reason) {
      const group = open as Group;
      if (db.isTransaction) {
        back.run();
        release.run();
        group.inWork = false;
        schedule();
      } else {
        open = undefined;
        group.done.reject(reason);
      }
    },
    settled: () => (open ?? flushing)?.done.promise,
    async close() {
      for (let last = open ?? flushing; last; last = open ?? flushing)
        await last.done.promise.catch(() => {});
      if (log !== undefined) closeSync(log);
    },
  };
}

/** The log beside the database, whose name is on the disk from now on. */
function openLog(path: string): number {
  const log = openSync(`${path}-wal`, 'a');
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
  return log;
}
