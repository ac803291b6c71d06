import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, codeOf } from '../protocol/app-error.ts';
import { type ByteRange, chunksOf, isOnChunks, missingRuns } from '../protocol/content.ts';
import { limits } from '../protocol/limits.ts';
import { makeFolder, syncFolder } from './atomic-file.ts';
import { type BlobStore, fullDisk, hashFile, named, sizeOrUndefined, writeAll } from './blob-store.ts';
import { createTurns } from './turns.ts';

type Wanted = { sha256: string; sizeBytes: number };

/**
 * Transfers that are not finished. Ranges come in any order and any number of times; what `write` has
 * answered for survives a power cut. `owner` is who sends: nobody's part stands in another one's way.
 */
export interface PartStore {
  /** What is still missing of a blob: the first runs of it, or nothing more. Finishes what a kill left unnamed. */
  missing(owner: string, blob: Wanted): Promise<'complete' | ByteRange[]>;
  /**
   * Takes a range, which begins and ends where chunks do. With the last one the digest is checked and the
   * blob appears. Throws `sync.bad-range`, `sync.content-mismatch` (everything is then forgotten, to be
   * sent anew), `sync.too-much-unfinished`, `journal.disk-full`.
   */
  write(owner: string, blob: Wanted, start: number, bytes: Uint8Array): Promise<'part' | 'complete'>;
}

/**
 * A part is two files under `OWNER/`: the bytes in their places, and a map with one byte a chunk, 1 when
 * the chunk is there. The map is written after the bytes are flushed, so that it never promises too much;
 * a byte that a power cut kept from the disk reads as 0.
 */
export async function openPartStore(
  folder: string,
  blobs: BlobStore,
  options: { unfinishedBytes?: number; unfinishedMs?: number } = {},
): Promise<PartStore> {
  const { unfinishedBytes = limits.unfinishedBytes, unfinishedMs = limits.unfinishedMs } = options;
  makeFolder(folder, 0o700);
  const folderOf = (owner: string) => join(folder, ownerName(owner));
  const pathOf = (owner: string, sha256: string) => join(folderOf(owner), named(sha256));
  const mapOf = (path: string) => `${path}.map`;
  /** Ranges of one part come side by side; and a part must not grow while it gets its name. */
  const turns = createTurns();

  async function drop(path: string): Promise<void> {
    // The bytes first: a map alone is nothing, bytes without a map would be begun anew.
    await rm(path, { force: true });
    await rm(mapOf(path), { force: true });
  }

  /** Removes what nobody went on with, and tells how much is reserved. */
  async function reservedBytes(owner: string): Promise<number> {
    let sum = 0;
    for (const name of await readdir(folderOf(owner))) {
      const path = join(folderOf(owner), name);
      const found = await stat(path).catch(() => undefined);
      if (!found) continue;
      const touched = name.endsWith('.map') ? found : await stat(mapOf(path)).catch(() => found);
      if (Date.now() - touched.mtimeMs > unfinishedMs) await rm(path, { force: true });
      else sum += found.size;
    }
    return sum;
  }

  async function begin(owner: string, path: string, sizeBytes: number): Promise<void> {
    makeFolder(folderOf(owner), 0o700);
    await drop(path);
    const reserved = await reservedBytes(owner);
    if (reserved + sizeBytes > unfinishedBytes)
      throw new AppError('sync.too-much-unfinished', { reserved, sizeBytes });
    await blobs.assertRoom(sizeBytes);
    for (const [file, size] of [
      [mapOf(path), chunksOf(sizeBytes)],
      [path, sizeBytes],
    ] as const) {
      const handle = await open(file, 'wx', 0o600);
      try {
        await handle.truncate(size);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    await syncFolder(folderOf(owner));
    await syncFolder(folder);
  }

  /** The map of a part of that length; undefined when there is none. */
  async function mapFor(path: string, sizeBytes: number): Promise<Buffer | undefined> {
    if ((await sizeOrUndefined(path)) !== sizeBytes) return undefined;
    const map = await readFile(mapOf(path)).catch(() => undefined);
    return map?.length === chunksOf(sizeBytes) ? map : undefined;
  }

  async function finish(path: string, sha256: string): Promise<void> {
    if ((await hashFile(path)) !== sha256) {
      await drop(path);
      throw new AppError('sync.content-mismatch', { sha256 });
    }
    try {
      await blobs.adopt(path, sha256);
    } catch (error) {
      // Another centre on the same folder was faster with the same bytes.
      if (!(await blobs.has(sha256))) throw error;
    }
    await drop(path);
  }

  async function isSound(sha256: string): Promise<boolean> {
    try {
      (await blobs.open(sha256)).close();
      return true;
    } catch (error) {
      if (codeOf(error) !== 'journal.blob-corrupt') throw error;
      return false;
    }
  }

  async function isHere(path: string, { sha256, sizeBytes }: Wanted): Promise<boolean> {
    const size = await blobs.sizeOf(sha256);
    if (size === undefined) return false;
    if (size !== sizeBytes) {
      if (await isSound(sha256)) throw new AppError('sync.bad-range', { sizeBytes, expected: size });
      // One that a fault of the disk made shorter would keep the right one out.
      await blobs.setAside(sha256);
      return false;
    }
    await drop(path);
    return true;
  }

  async function writeNow(owner: string, blob: Wanted, start: number, bytes: Uint8Array) {
    const { sha256, sizeBytes } = blob;
    const path = pathOf(owner, sha256);
    const end = start + bytes.length - 1;
    if (sizeBytes > limits.packageBytes || !isOnChunks({ start, end }, sizeBytes))
      throw new AppError('sync.bad-range', { start, end, sizeBytes });
    if (await isHere(path, blob)) return 'complete' as const;
    let map = await mapFor(path, sizeBytes);
    if (!map) {
      // Of another length, or half begun: it cannot be of use.
      await begin(owner, path, sizeBytes);
      map = Buffer.alloc(chunksOf(sizeBytes));
    }
    const [first, count] = [start / limits.contentChunkBytes, chunksOf(bytes.length)];
    // What is there stays: a repeat whose answer got lost changes nothing.
    if (map.subarray(first, first + count).includes(0)) {
      await writeAt(path, bytes, start);
      await writeAt(mapOf(path), Buffer.alloc(count, 1), first);
      map.fill(1, first, first + count);
    }
    if (map.includes(0)) return 'part' as const;
    await finish(path, sha256);
    return 'complete' as const;
  }

  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await reservedBytes(entry.name);
  return {
    missing: async (owner, blob) =>
      await turns.take(pathOf(owner, blob.sha256), async () => {
        const path = pathOf(owner, blob.sha256);
        if (await isHere(path, blob)) return 'complete';
        const whole = [{ start: 0, end: blob.sizeBytes - 1 }];
        const map = await mapFor(path, blob.sizeBytes);
        if (!map) return whole;
        if (map.includes(0)) return missingRuns(map, blob.sizeBytes, limits.missingRuns);
        // Killed between the last byte and the name.
        try {
          await finish(path, blob.sha256);
          return 'complete';
        } catch (error) {
          if (codeOf(error) === 'sync.content-mismatch') return whole;
          throw error;
        }
      }),
    async write(owner, blob, start, bytes) {
      try {
        return await turns.take(pathOf(owner, blob.sha256), () => writeNow(owner, blob, start, bytes));
      } catch (error) {
        throw fullDisk(error);
      }
    },
  };
}

async function writeAt(path: string, bytes: Uint8Array, position: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await writeAll(handle, bytes, position);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Names of boxes come from certificates; none may lead out of the folder. */
function ownerName(owner: string): string {
  if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(owner))
    throw new AppError('internal.bad-request', { what: 'owner' });
  return owner;
}
