import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type BlobStore, openBlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type BoxState, createBoxState } from './box-state.ts';
import { type ClockTrust, createClockTrust } from './clock-trust.ts';
import { keepHighWater } from './high-water.ts';
import type { Journal } from './journal.ts';
import { openBoxJournal } from './open-box-journal.ts';

/** A clock before this is certainly wrong: the program did not exist yet. */
const builtAt = '2026-11-01T00:00:00.000Z';

/** Everything of a box that a power cut must leave as it is. */
export interface Records {
  db: DatabaseSync;
  journal: Journal;
  boxState: BoxState;
  blobs: BlobStore;
  clockTrust: ClockTrust;
  /** Waits for the disk and closes. */
  stop(): Promise<void>;
}

/** Opens journal and blobs in a folder; the journal asks about the clock, whose floor lies in the journal's database. */
export async function openRecords(parts: {
  dir: string;
  clock: Clock;
  log: Log;
  /** Part of the disk that blobs leave to the journal. */
  reserveBytes: number;
}): Promise<Records> {
  const { dir, clock, log, reserveBytes } = parts;
  let clockTrust: ClockTrust | undefined;
  const clockQuality = () => clockTrust?.quality() ?? 'untrusted';
  const { db, journal } = await openBoxJournal({ dir, clock, clockQuality, log });
  const highWater = keepHighWater(dir, journal, log);
  const boxState = createBoxState(db);
  clockTrust = createClockTrust({ clock, state: boxState, builtAt, newestFactAt: journal.newestTrustedAt() });
  clockTrust.keepIn(journal);
  const blobs = await openBlobStore(join(dir, 'blobs'), { reserveBytes });
  return {
    db,
    journal,
    boxState,
    blobs,
    clockTrust,
    async stop() {
      await journal.settled();
      await highWater.stop();
      await journal.close();
      db.close();
    },
  };
}
