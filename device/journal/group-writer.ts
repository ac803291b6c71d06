import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../protocol/app-error.ts';

/** A lazy write waits so long for somebody in a hurry whose commit carries it too. */
const lazyMs = 20;
/** Those who are expected are waited for this part of a flush, counted from the end of the last one: then the disk is worth more than their company. */
const partWaited = 0.5;
/** Pages of the log (32 MB) that are gathered before they go to the database, which waits for the disk three times. */
const logPages = 8000;
/** SQLite: the disk is full. */
const sqliteFull = 13;

export interface Written<T> {
  result: T;
  /** Settles with the commit that the write shares with others: on the disk, or undone together with them. */
  durable: Promise<void>;
}

/** The only way to write to the database of a box. */
export interface GroupWriter {
  /**
   * Runs `work` at once, before this returns: alone in its savepoint, in a transaction that it shares with
   * whatever else is written until the disk is free. Everybody on this connection reads it from now on,
   * nobody may be told before `durable`. Throws what `work` throws, which then has undone only itself.
   * `after` runs when it is durable, in the order of the writes.
   */
  write<T>(work: () => T, options?: { lazily?: boolean; after?: (result: T) => void }): Written<T>;
  /** When all that was written in a hurry so far is on the disk. Rejects when it was undone. */
  settled(): Promise<void>;
  /** Waits for the disk and lets go of the file. */
  close(): Promise<void>;
}

interface Group {
  writes: number;
  inHurry: number;
  after: (() => void)[];
  done: PromiseWithResolvers<void>;
}

/**
 * Group commit (ADR 0008). SQLite runs with `synchronous = normal`, so that its commit is a write to the
 * log without waiting; the log is then flushed by a thread while the program goes on, and only after that
 * anybody hears of the commit. One flush runs at a time, and what comes meanwhile shares the next one.
 * A flush that fails leaves nobody knowing what is on the disk: the program ends (F41). `onUndone` runs at
 * once when a write or a group was undone: what was kept in memory of it is no longer true.
 */
export function openGroupWriter(db: DatabaseSync, { onUndone }: { onUndone?: () => void } = {}): GroupWriter {
  // What a killed process left in the log was perhaps never flushed, and must be before anybody reads it.
  db.exec(
    `pragma wal_checkpoint(truncate); pragma synchronous = normal; pragma wal_autocheckpoint = ${logPages};`,
  );
  const path = db.location();
  const log = path === null ? undefined : openLog(path);
  const begin = db.prepare('begin immediate');
  const commit = db.prepare('commit');
  const rollback = db.prepare('rollback');
  const savepoint = db.prepare('savepoint one');
  const release = db.prepare('release one');
  const undo = db.prepare('rollback to one');
  let open: Group | undefined;
  let flushing = false;
  let hurried: Promise<void> | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** Writers that are likely to come again soon: those who just heard of their commit. */
  let expected = 1;
  let flushMs = 0;
  let flushedAtMs = 0;
  let idle = Promise.withResolvers<void>();

  function beginGroup(): Group {
    begin.run();
    open = { writes: 0, inHurry: 0, after: [], done: Promise.withResolvers<void>() };
    // Who wrote lazily may never look.
    open.done.promise.catch(() => {});
    return open;
  }

  /** Commits when the disk is free and all who are likely to come are here, or did not come soon. */
  function schedule(): void {
    if (!open || flushing || immediate) return;
    if (open.inHurry >= expected || (open.writes === 0 && open.inHurry === 0)) {
      clearTimeout(timer);
      timer = undefined;
      immediate = setImmediate(commitGroup);
    } else if (open.inHurry > 0) {
      clearTimeout(timer);
      const leftMs = flushedAtMs + flushMs * partWaited - performance.now();
      if (leftMs > 0) timer = setTimeout(commitGroup, leftMs);
      else immediate = setImmediate(commitGroup);
    } else timer ??= setTimeout(commitGroup, lazyMs);
  }

  function commitGroup(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = immediate = undefined;
    const group = open;
    if (!group) return;
    open = undefined;
    try {
      commit.run();
    } catch (error) {
      if (db.isTransaction) rollback.run();
      onUndone?.();
      group.done.reject(asAppError(error));
      if (!open) idle.resolve();
      return;
    }
    if (group.writes > 0) flush(group);
    else finish(group);
  }

  function flush(group: Group): void {
    flushing = true;
    const begunMs = performance.now();
    const ended = (error: unknown) => {
      flushing = false;
      flushedAtMs = performance.now();
      flushMs = flushedAtMs - begunMs;
      if (error) {
        group.done.reject(error);
        throw error;
      }
      expected = Math.max(1, group.inHurry + (open?.inHurry ?? 0));
      finish(group);
      schedule();
    };
    if (log === undefined) ended(null);
    else fdatasync(log, ended);
  }

  function finish(group: Group): void {
    for (const tell of group.after) tell();
    group.done.resolve();
    if (!open) idle.resolve();
  }

  return {
    write(work, { lazily = false, after } = {}) {
      const group = open ?? beginGroup();
      savepoint.run();
      let result: ReturnType<typeof work>;
      try {
        result = work();
        release.run();
      } catch (error) {
        if (db.isTransaction) {
          undo.run();
          release.run();
          schedule();
        } else {
          // A full disk makes SQLite undo the whole group by itself.
          open = undefined;
          group.done.reject(asAppError(error));
        }
        onUndone?.();
        throw asAppError(error);
      }
      group.writes++;
      if (after) group.after.push(() => after(result));
      if (!lazily) {
        group.inHurry++;
        const { promise } = group.done;
        hurried = promise;
        const forget = () => {
          if (hurried === promise) hurried = undefined;
        };
        promise.then(forget, forget);
      }
      schedule();
      return { result, durable: group.done.promise };
    },
    settled: () => hurried ?? Promise.resolve(),
    async close() {
      while (open || flushing) {
        idle = Promise.withResolvers();
        if (!flushing) commitGroup();
        if (open || flushing) await idle.promise;
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

/** A full disk is something that a person can mend. */
function asAppError(error: unknown): unknown {
  return (error as { errcode?: number }).errcode === sqliteFull
    ? new AppError('journal.disk-full', {}, { cause: error })
    : error;
}
