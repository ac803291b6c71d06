import { limits } from './limits.ts';

/** A run of bytes; `end` is the last one, as in HTTP (RFC 9110 section 14.1.2). */
export interface ByteRange {
  start: number;
  end: number;
}

/** Chunks of a blob of so many bytes. */
export const chunksOf = (sizeBytes: number) => Math.ceil(sizeBytes / limits.contentChunkBytes);

/** Whether a range of a blob begins and ends where chunks do, so that ranges never overlap in part. */
export function isOnChunks({ start, end }: ByteRange, sizeBytes: number): boolean {
  const chunk = limits.contentChunkBytes;
  return (
    Number.isSafeInteger(start) &&
    Number.isSafeInteger(end) &&
    start >= 0 &&
    start <= end &&
    start % chunk === 0 &&
    ((end + 1) % chunk === 0 || end + 1 === sizeBytes) &&
    end < sizeBytes
  );
}

/** The runs of chunks whose byte in the map is 0, as ranges of bytes; at most `limit` of them. */
export function missingRuns(map: Uint8Array, sizeBytes: number, limit: number): ByteRange[] {
  const runs: ByteRange[] = [];
  for (let at = map.indexOf(0); at !== -1 && runs.length < limit; ) {
    const next = map.indexOf(1, at);
    const end = next === -1 ? sizeBytes : next * limits.contentChunkBytes;
    runs.push({ start: at * limits.contentChunkBytes, end: end - 1 });
    at = next === -1 ? -1 : map.indexOf(0, next);
  }
  return runs;
}
