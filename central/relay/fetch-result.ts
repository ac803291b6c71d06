import type { BlobStore } from '../../platform/blob-store.ts';
import type { OpenSource } from '../../platform/file-source.ts';
import { codeOf } from '../../protocol/app-error.ts';
import type { Blob } from '../../protocol/values.ts';
import type { AgencyAdapter } from './adapter.ts';

/** After so many wrong transfers it is the announcement that is wrong, not the line. */
const wrongTransfers = 3;

export type FetchResult = (adapter: AgencyAdapter, result: Blob) => Promise<OpenSource | undefined>;

/**
 * Brings results into the blob store and opens them; who asked closes them. Undefined when the agency cannot give what it announced, so that
 * the events behind it are not held up for ever. Throws `relay.agency-unreachable`, and
 * `sync.content-mismatch` while it is worth trying again.
 */
export function createFetchResult(blobs: BlobStore): FetchResult {
  const wrong = new Map<string, number>();

  return async (adapter, result) => {
    try {
      const here = await openSound(blobs, result.sha256);
      if (here) return here;
      // The gateway has no ranges: what an interrupted fetch brought is of no use.
      await blobs.take(result, write => adapter.fetchContent(result, write));
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'sync.content-mismatch' && code !== 'internal.too-large') throw error;
      const times = (wrong.get(result.sha256) ?? 0) + 1;
      wrong.set(result.sha256, times);
      if (code === 'sync.content-mismatch' && times < wrongTransfers) throw error;
      wrong.delete(result.sha256);
      return undefined;
    }
    wrong.delete(result.sha256);
    return await blobs.open(result.sha256);
  };
}

/** Undefined for one that is not here, or rotted since it came: it comes again, and events behind it are not held up. */
async function openSound(blobs: BlobStore, sha256: string): Promise<OpenSource | undefined> {
  try {
    return await blobs.open(sha256);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'journal.blob-corrupt') await blobs.setAside(sha256);
    else if (code !== 'journal.blob-missing') throw error;
    return undefined;
  }
}
