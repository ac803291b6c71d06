import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createCompany } from './company.ts';
import { asAppError } from './sqlite.ts';

/** What nobody waits for waits so long for somebody in a hurry whose commit carries it too. */
const lazyMs = 20;
/** Pages of the log (32 MB) that are gathered before they go to the database, which waits for the disk three times. */
const logPages = 8000;

/** The only way to write to a database of records: commits that share a flush of the disk. */
export interface GroupCommits {
  /** Work begins, to be undone alone; one at a time. Throws when the file was closed. */
  begin(): void;
  /**
   * The work is done. Everybody on this connection reads it from now on; nobody may be told before this
   * resolves: when it survives a power cut, together with all that went before. Rejects when it was undone
   * with its group. `after` runs just before that, in the order of the works.
   */
  end(done: Done): Promise<void>;
  /** Undoes the work, and only it, unless SQLite gave up on everything that is not committed (a full disk). */
  undo(reason: unknown): void;
  /** When all that was written in a hurry so far survives a power cut; undefined when it does already. Rejects when it was undone. */
  settled(): Promise<void> | undefined;
  /** Nothing begins any more; waits for what has begun and for the disk, and lets go of the file. */
  close(): Promise<void>;
}

export interface Done {
  wrote: boolean;
  /** Nobody waits for it: it goes with the next commit, or soon by itself. */
  lazily?: boolean;
  after?: () => void;
}

interface Group {
  inWork: boolean;
  /** Works that are done and stay, whatever becomes of the next one. */
  works: number;
  wrote: boolean;
  /** Works that somebody waits for. */
  awaited: number;
  after: (() => void)[];
  done: PromiseWithResolvers<void>;
}

/**
 * Group commit (ADR 0008). SQLite runs with `synchronous = normal`, so that its commit is a write to the
 * log without waiting; the log is then flushed by a thread while the program goes on, and only after that
 * anybody hears of the commit. One flush runs at a time, and what comes meanwhile shares the next one.
 * A flush that fails leaves nobody knowing what is on the disk: the program ends (F41). `onUndone` runs at
 * once when a work or a group was undone: what was kept in memory of it is no longer true.
 */
export function openGroupCommits(
  db: DatabaseSync,
  { onUndone }: { onUndone?: (() => void) | undefined } = {},
): GroupCommits {
  // What a killed process left in the log was perhaps never flushed, and must be before anybody reads it.
  db.exec('pragma wal_checkpoint(truncate); pragma synchronous = normal;');
  // Pages that a savepoint could bring back are kept in memory: in a file they cost an eighth of a ticket.
  db.exec(`pragma wal_autocheckpoint = ${logPages}; pragma temp_store = memory;`);
  const path = db.location();
  const log = path === null ? undefined : openLog(path);
  const begin = db.prepare('begin immediate');
  const commit = db.prepare('commit');
  const rollback = db.prepare('rollback');
  const savepoint = db.prepare('savepoint work');
  const release = db.prepare('release work');
  const back = db.prepare('rollback to work');
  const company = createCompany();
  let open: Group | undefined;
  let flushing: Group | undefined;
  /** The newest group that somebody waits for. */
  let hurried: Group | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function beginGroup(): Group {
    begin.run();
    const done = Promise.withResolvers<void>();
    // Who wrote lazily, or only read, may never look.
    done.promise.catch(() => {});
    open = { inWork: false, works: 0, wrote: false, awaited: 0, after: [], done };
    return open;
  }

  /** Commits when the disk is free, and with it everybody who is there in this turn of the event loop. */
  function schedule(): void {
    if (!open || open.inWork || flushing || immediate) return;
    if (open.awaited === 0 && open.wrote) {
      timer ??= setTimeout(commitGroup, lazyMs);
      return;
    }
    const waitMs = company.worthWaitingMs(open.awaited);
    clearTimeout(timer);
    timer = waitMs > 0 ? setTimeout(commitGroup, waitMs) : undefined;
    if (waitMs === 0) immediate = setImmediate(commitGroup);
  }

  function commitGroup(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = immediate = undefined;
    const group = open;
    if (!group || group.inWork) return;
    open = undefined;
    try {
      commit.run();
    } catch (error) {
      if (db.isTransaction) rollback.run();
      onUndone?.();
      fail(group, error);
      return;
    }
    if (group.wrote && log !== undefined) flush(group, log);
    else finish(group);
  }

  function flush(group: Group, log: number): void {
    flushing = group;
    const begunMs = performance.now();
    fdatasync(log, error => {
      flushing = undefined;
      if (error) {
        fail(group, error);
        throw error;
      }
      const here = open?.awaited ?? 0;
      company.flushed(performance.now() - begunMs, group.awaited, here);
      // The disk works while those who waited are told.
      if (here > 0 && company.worthWaitingMs(here) === 0) commitGroup();
      finish(group);
      schedule();
    });
  }

  function finish(group: Group): void {
    if (hurried === group) hurried = undefined;
    for (const tell of group.after) tell();
    group.done.resolve();
  }

  function fail(group: Group, reason: unknown): void {
    // Another may be on its way to the disk still.
    if (hurried === group) hurried = flushing && flushing.awaited > 0 ? flushing : undefined;
    group.done.reject(asAppError(reason));
  }

  return {
    begin() {
      // Between the last flush and the end of the connection a group would find no database to commit to.
      if (isClosed) throw new Error('the database is closed');
      const group = open ?? beginGroup();
      // The first work of a group has no neighbours to be kept: undone, it takes the whole transaction with it.
      if (group.works > 0) savepoint.run();
      group.inWork = true;
    },
    end({ wrote, lazily = false, after }) {
      const group = open as Group;
      if (group.works > 0) release.run();
      group.works++;
      group.inWork = false;
      group.wrote ||= wrote;
      if (after) group.after.push(after);
      if (!lazily) {
        group.awaited++;
        hurried = group;
        company.came();
      }
      schedule();
      return group.done.promise;
    },
    undo(reason) {
      const group = open as Group;
      if (db.isTransaction && group.works === 0) {
        rollback.run();
        open = undefined;
        group.done.resolve();
      } else if (db.isTransaction) {
        back.run();
        release.run();
        group.inWork = false;
        schedule();
      } else {
        open = undefined;
        fail(group, reason);
      }
      onUndone?.();
    },
    settled: () => hurried?.done.promise,
    async close() {
      isClosed = true;
      for (let last = flushing ?? open; last; last = flushing ?? open) {
        if (!flushing) commitGroup();
        await last.done.promise.catch(() => {});
      }
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
