import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { ArchiveDesk } from '../http/archive-routes.ts';
import type { ContentHolders } from '../ledger/content-holders.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { RegisterStore } from '../registry/register-store.ts';
import type { Storage } from '../storage/storage.ts';
import { createActViews } from './act-views.ts';
import { openActs } from './acts.ts';
import { createArchiveIntake } from './archive-intake.ts';
import { keepArchive } from './archive-keeper.ts';
import { createArchiveViews } from './archive-views.ts';
import { createCarryOut } from './carry-out.ts';
import { openHolds } from './holds.ts';
import { openLooks } from './looks.ts';

/** The archive with everything that runs in it. */
export interface Archive extends ArchiveDesk {
  stop(): Promise<void>;
}

export function startArchive(parts: {
  storage: Storage;
  blobs: BlobStore;
  book: CaseBook;
  downLogs: DownLogs;
  holders: ContentHolders;
  registers: Pick<RegisterStore, 'current'>;
  timeZone: string;
  clock: Clock;
  log: Log;
}): Archive {
  const { storage, book, clock, log } = parts;
  const register = parts.registers.current;
  const keeper = keepArchive({
    ...{ storage, log },
    intake: createArchiveIntake({ ...parts, register }),
    carryOut: createCarryOut(parts),
  });
  return {
    views: createArchiveViews({ ...parts, register }),
    actViews: createActViews(storage, register),
    acts: openActs(parts),
    holds: openHolds(storage, book, clock),
    look: openLooks(storage, book),
    kick: keeper.kick,
    stop: keeper.stop,
  };
}
