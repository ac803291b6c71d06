import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { EvidenceBook } from '../evidence/evidence-book.ts';
import { createExportPackage } from '../evidence/export-package.ts';
import type { StampService } from '../evidence/renew-stamps.ts';
import type { RevocationDesk } from '../evidence/revocation-desk.ts';
import type { ArchiveDesk } from '../http/archive-routes.ts';
import type { ContentHolders } from '../ledger/content-holders.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { RegisterStore } from '../registry/register-store.ts';
import type { TrustAnchors } from '../relay/verification.ts';
import type { Storage } from '../storage/storage.ts';
import { createActViews } from './act-views.ts';
import { openActs } from './acts.ts';
import { createArchiveIntake } from './archive-intake.ts';
import { keepArchive } from './archive-keeper.ts';
import { scrubArchive } from './archive-scrub.ts';
import { createArchiveViews } from './archive-views.ts';
import { createCarryOut } from './carry-out.ts';
import { openHolds } from './holds.ts';
import { openLooks } from './looks.ts';
import { keepCopies } from './readable/keep-copies.ts';

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
  evidence: EvidenceBook;
  desk: RevocationDesk;
  stamps: StampService | undefined;
  registers: Pick<RegisterStore, 'current'>;
  troubles: Troubles;
  anchors: TrustAnchors;
  /** Russian name of the branch of a box. */
  branchName: (box: string) => string;
  timeZone: string;
  clock: Clock;
  log: Log;
  /** A copy was made. */
  onChange: () => void;
}): Archive {
  const { storage, book, clock, log } = parts;
  const register = parts.registers.current;
  const scrub = scrubArchive(parts);
  const copies = keepCopies({ ...parts, register, onMade: parts.onChange });
  const keeper = keepArchive({
    ...{ storage, log, onRound: copies.kick },
    intake: createArchiveIntake({ ...parts, register }),
    carryOut: createCarryOut(parts),
  });
  return {
    views: createArchiveViews({ ...parts, register }),
    actViews: createActViews(storage, register),
    acts: openActs(parts),
    holds: openHolds(storage, book, clock),
    look: openLooks(storage, book),
    exportPackage: createExportPackage(parts),
    kick: keeper.kick,
    async stop() {
      await scrub.stop();
      await copies.stop();
      await keeper.stop();
    },
  };
}
