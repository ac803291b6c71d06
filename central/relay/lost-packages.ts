import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { wantAgain } from '../ingress/mend-content.ts';
import type { ContentHolders } from '../ledger/content-holders.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Storage } from '../storage/storage.ts';
import type { RelayRow } from './relay-store.ts';

/** A box that was switched off while it brought the package forgets that it was asked. */
const askAgainMs = 60 * 60_000;

/** Packages whose content the centre had and lost. Boxes that have them are asked until they come again. */
export interface LostPackages {
  /** Looks whether the content is gone or damaged, asks for it, and says why; undefined when it is whole. */
  look(row: RelayRow): Promise<'journal.blob-missing' | 'journal.blob-corrupt' | undefined>;
  /** Whether it was found lost and has not come again. */
  isLost(row: RelayRow): Promise<boolean>;
}

export function createLostPackages(parts: {
  storage: Storage;
  blobs: BlobStore;
  holders: ContentHolders;
  downLogs: DownLogs;
  clock: Clock;
}): LostPackages {
  const { storage, blobs, holders, downLogs, clock } = parts;
  /** When a box was asked, by digest, monotonic. */
  const askedAtMs = new Map<string, number>();

  async function ask(sha256: string): Promise<void> {
    await storage.transaction(transaction => wantAgain(transaction, { holders, downLogs }, sha256));
    askedAtMs.set(sha256, clock.monotonicMs());
  }

  return {
    async look({ package_sha256: sha256 }) {
      try {
        (await blobs.open(sha256)).close();
        return undefined;
      } catch (error) {
        const code = codeOf(error);
        if (code !== 'journal.blob-missing' && code !== 'journal.blob-corrupt') throw error;
        // Under its name it would be taken for what the box is asked for.
        if (code === 'journal.blob-corrupt') await blobs.setAside(sha256);
        await ask(sha256);
        return code;
      }
    },
    async isLost({ package_sha256: sha256 }) {
      const atMs = askedAtMs.get(sha256);
      if (atMs === undefined) return false;
      if (await blobs.has(sha256)) {
        askedAtMs.delete(sha256);
        return false;
      }
      if (clock.monotonicMs() - atMs >= askAgainMs) await ask(sha256);
      return true;
    },
  };
}
