import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { type Scrub, startScrub } from '../../platform/scrub.ts';
import type { ContentHolders } from '../ledger/content-holders.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { Storage, Transaction } from '../storage/storage.ts';

/** Scrubs the content of the centre, tells operators of damage, and asks boxes that hold it to bring it again. */
export function mendContent(parts: {
  blobs: BlobStore;
  storage: Storage;
  holders: ContentHolders;
  downLogs: DownLogs;
  troubles: Troubles;
  log: Log;
}): Scrub {
  const { blobs, storage, holders, downLogs, troubles, log } = parts;
  return startScrub({
    blobs,
    log,
    async onDamaged(sha256) {
      await troubles.raise('journal.blob-corrupt', 'centre', { sha256 });
      await storage.transaction(transaction => wantAgain(transaction, { holders, downLogs }, sha256));
    },
  });
}

/** Asks boxes that should have the content to bring it again; no word when the books do not know it. */
export async function wantAgain(
  transaction: Transaction,
  { holders, downLogs }: { holders: ContentHolders; downLogs: DownLogs },
  sha256: string,
): Promise<void> {
  const known = await holders.find(sha256, transaction);
  for (const box of known?.boxes ?? [])
    if (known)
      await downLogs.append(transaction, box, { type: 'content.wanted', body: { content: known.blob } });
}
