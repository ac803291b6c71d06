import type { Readable } from 'node:stream';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { PartStore } from '../../platform/part-store.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ByteRange } from '../../protocol/content.ts';
import { limits } from '../../protocol/limits.ts';
import type { Blob } from '../../protocol/values.ts';
import type { ContentHolders } from '../ledger/content-holders.ts';
import type { DownLogs } from '../ledger/down-logs.ts';

/** Content to and from boxes, whatever way it takes (`http/content-server.ts`, `content-messages.ts`). */
export interface ContentDesk {
  /** What the centre still lacks of it. */
  missing(box: string, blob: Blob): Promise<'complete' | ByteRange[]>;
  /** Takes a range; see `PartStore.write` for what it throws. */
  put(box: string, blob: Blob, start: number, bytes: Uint8Array): Promise<'part' | 'complete'>;
  /**
   * A range of content that the box was told of, or sent and lost. Throws `internal.not-found`, `journal.blob-missing`,
   * `sync.bad-range`.
   */
  get(box: string, sha256: string, range: ByteRange): Promise<{ sizeBytes: number; bytes: Readable }>;
}

export function createContentDesk(parts: {
  blobs: BlobStore;
  parts: PartStore;
  downLogs: DownLogs;
  holders: ContentHolders;
  /** The blob is whole; called before the box is answered, and again whenever the box asks. */
  onComplete: (blob: Blob) => Promise<void>;
}): ContentDesk {
  const { blobs, downLogs, holders, onComplete } = parts;
  return {
    async missing(box, blob) {
      const missing = await parts.parts.missing(box, blob);
      // A power cut may have come between the blob and the row that says it is here.
      if (missing === 'complete') await onComplete(blob);
      return missing;
    },
    async put(box, blob, start, bytes) {
      const state = await parts.parts.write(box, blob, start, bytes);
      if (state === 'complete') await onComplete(blob);
      return state;
    },
    async get(box, sha256, { start, end }) {
      if (!((await downLogs.mayFetch(box, sha256)) || (await holders.sent(box, sha256))))
        throw new AppError('internal.not-found');
      const sizeBytes = await blobs.sizeOf(sha256);
      if (sizeBytes === undefined) throw new AppError('journal.blob-missing', { sha256 });
      if (start > end || end >= sizeBytes || end - start >= limits.contentRangeBytes)
        throw new AppError('sync.bad-range', { start, end });
      return { sizeBytes, bytes: blobs.read(sha256, { start, end }) };
    },
  };
}
