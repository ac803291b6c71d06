import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '../../platform/atomic-file.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { readHighWater } from './high-water.ts';
import { type EpochReason, type Journal, openJournal } from './journal.ts';
import { migrateBox } from './migrate-box.ts';
import { adopt, salvage } from './salvage.ts';
import { verifyTail } from './verify-chain.ts';

/** SQLite: the database is malformed, or no database at all. */
const damageCodes = [11, 26];
/** More than these would only say that nothing is whole; a fact has its limit. */
const mostHolesTold = 50;
const parts = ['', '-wal', '-shm'];

/**
 * Opens `box.db` in a folder. A database that is damaged, empty or gone is put aside whole, what can be read
 * of it goes into a new one, and the box serves on with a new epoch that says so (F02, F03). One that is
 * behind what was noted beside it was put back from a copy, and gets a new epoch too (F21).
 */
export async function openBoxJournal(options: {
  dir: string;
  clock: Clock;
  clockQuality: () => 'trusted' | 'untrusted';
  log: Log;
}): Promise<{ db: DatabaseSync; journal: Journal }> {
  const { dir, clock, log } = options;
  const path = join(dir, 'box.db');
  const fresh = join(dir, 'box.db.fresh');
  makeFolder(dir);
  // A power cut came between putting the damaged one aside and the new one in its place.
  if (!existsSync(path) && existsSync(fresh)) moveDatabase(fresh, path);
  remove(fresh);

  const known = readHighWater(dir);
  const damage = whyNotUsable(path, known !== undefined, log);
  if (damage === undefined) {
    const db = openDatabase(path);
    const journal = openJournal({ ...options, db });
    const isBehind = known !== undefined && known.epoch === journal.epoch && known.seq > journal.head();
    const pending = pendingReason(db);
    if (pending) await journal.beginEpoch(pending.reason, pending);
    else if (isBehind) {
      log.error({ seq: journal.head(), known: known.seq }, 'the journal was put back from a copy');
      await journal.beginEpoch('restored-from-copy', {
        lost: [[journal.head() + 1, known.seq]],
        knownUpTo: known.seq,
      });
    }
    return { db, journal };
  }

  const found = salvage(path);
  const next = openDatabase(fresh);
  migrateBox(next);
  const gone = adopt(next, found, known);
  keepReason(next, { reason: damage, lost: gone.lost.slice(0, mostHolesTold), knownUpTo: gone.knownUpTo });
  next.exec('pragma wal_checkpoint(truncate)');
  next.close();
  const aside = join(dir, 'quarantine', clock.now().toISOString().replaceAll(':', '-'));
  makeFolder(aside);
  moveDatabase(path, join(aside, basename(path)));
  moveDatabase(fresh, path);
  log.error({ damage, aside, facts: found.facts.length, lost: gone.lost }, 'the database was put aside');
  return openBoxJournal(options);
}

function whyNotUsable(path: string, wasUsed: boolean, log: Log): EpochReason | undefined {
  if (!existsSync(path)) return wasUsed ? 'database-missing' : undefined;
  // Absent is not empty (F02): nobody who is well leaves a database of no bytes behind.
  if (statSync(path).size === 0 && wasUsed) return 'database-damaged';
  let db: DatabaseSync | undefined;
  try {
    db = openDatabase(path);
    const [row] = db.prepare('pragma quick_check(1)').all() as { quick_check: string }[];
    if (row?.quick_check !== 'ok') return 'database-damaged';
    migrateBox(db);
    verifyTail(db);
    return undefined;
  } catch (error) {
    const isDamage =
      codeOf(error) === 'journal.chain-broken' ||
      damageCodes.includes((error as { errcode?: number }).errcode ?? 0);
    if (!isDamage) throw error;
    log.error({ err: error }, 'the database cannot be used');
    return 'database-damaged';
  } finally {
    db?.close();
  }
}

interface Pending {
  reason: EpochReason;
  lost: [number, number][];
  knownUpTo: number;
}

/** The new epoch begins in the new database; a power cut before must not forget why. */
function keepReason(db: DatabaseSync, pending: Pending): void {
  db.prepare(`insert or replace into state (key, value) values ('epoch-pending', ?)`).run(
    JSON.stringify(pending),
  );
}

function pendingReason(db: DatabaseSync): Pending | undefined {
  const row = db
    .prepare(`select value from state where key = 'epoch-pending'
      and exists (select 1 from epochs where damaged = 1 and number = (select max(number) from epochs))`)
    .get() as { value: string } | undefined;
  return row && (JSON.parse(row.value) as Pending);
}

function moveDatabase(from: string, to: string): void {
  for (const part of parts.toReversed()) if (existsSync(from + part)) renameSync(from + part, to + part);
  for (const folder of new Set([dirname(from), dirname(to)])) {
    const handle = openSync(folder, 'r');
    fsyncSync(handle);
    closeSync(handle);
  }
}

function remove(path: string): void {
  for (const part of parts) rmSync(path + part, { force: true });
}
