import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { isAway, startLoop } from '../relay/loop.ts';
import type { Storage } from '../storage/storage.ts';
import type { ArchiveIntake } from './archive-intake.ts';
import type { CarryOut } from './carry-out.ts';

export interface ArchiveKeeper {
  /** Something may have come, or an act was approved. Cheap to call. */
  kick(): void;
  stop(): Promise<void>;
}

const pauseMs = 10_000;

/** Takes into the archive what came and does what was approved; of several centres one at a time. */
export function keepArchive(parts: {
  storage: Storage;
  intake: ArchiveIntake;
  carryOut: CarryOut;
  log: Log;
}): ArchiveKeeper {
  const { storage, intake, carryOut, log } = parts;
  return startLoop(async () => {
    const claim = await storage.claim('archive');
    if (!claim) return pauseMs;
    try {
      await intake.round();
      await carryOut.round();
    } catch (error) {
      if (isAway(error)) throw error;
      log.error({ code: codeOf(error), err: error }, 'the archive cannot be kept');
    } finally {
      await claim.release();
    }
    return pauseMs;
  });
}
