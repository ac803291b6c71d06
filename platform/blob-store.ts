import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../protocol/app-error.ts';
import { limits } from '../protocol/limits.ts';
import type { Blob } from '../protocol/values.ts';
import { syncFolder } from './atomic-file.ts';

export interface BlobStore {
  /** Stores bytes durably and names them. Storing the same bytes twice is one blob. */
  put(bytes: Uint8Array, mediaType: string): Promise<Blob>;
  has(sha256: string): Promise<boolean>;
  /** The bytes, re-hashed. Throws `journal.blob-missing`, `journal.blob-corrupt`. */
  get(sha256: string): Promise<Buffer>;
  /** A stream of the bytes or of a part, not re-hashed; ends with an error when the blob is not here. */
  read(sha256: string, range?: { start: number; end: number }): ReadStream;
  /** Digests of all blobs that are here, in no order. */
  digests(): AsyncIterable<string>;
  /** Size in bytes, or undefined when the blob is not here. */
  sizeOf(sha256: string): Promise<number | undefined>;
  /** Bytes of an unfinished transfer that are already here; 0 when none. */
  partSize(sha256: string): Promise<number>;
  /**
   * Adds bytes to an unfinished transfer at `offset`, which must be the size so far. When `totalBytes`
   * are there the digest is checked and the blob appears. Throws `sync.bad-range`, `sync.content-mismatch`
   * (the part is then dropped, to be sent anew).
   */
  append(sha256: string, offset: number, totalBytes: number, bytes: Uint8Array): Promise<'part' | 'complete'>;
  /** Forgets an unfinished transfer. */
  dropPart(sha256: string): Promise<void>;
  /** Bytes free on the disk for this process. */
  freeBytes(): Promise<number>;
}

/**
 * Content-addressed files: `ab/abcdef…`. Written to a temp file, fsynced, renamed, folder fsynced, so
 * that a name is never seen before its bytes are whole. Temp files of an earlier run are removed at the
 * start; parts stay, to be resumed. Nobody but this user may read any of it.
 */
export async function openBlobStore(
  folder: string,
  options: { isShared?: boolean } = {},
): Promise<BlobStore> {
  const temporary = join(folder, 'tmp');
  const parts = join(folder, 'part');
  // What lies there may be what another centre writes at this moment.
  if (!options.isShared) await rm(temporary, { recursive: true, force: true });
  for (const each of [temporary, parts]) await mkdir(each, { recursive: true, mode: 0o700 });
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), named(sha256));
  const partOf = (sha256: string) => join(parts, named(sha256));
  /** One writer per part at a time: a client that gave up and came again must not interleave with itself. */
  const writing = new Map<string, Promise<unknown>>();

  async function place(from: string, sha256: string): Promise<void> {
    const shard = join(folder, sha256.slice(0, 2));
    const made = await mkdir(shard, { recursive: true, mode: 0o700 });
    await rename(from, pathOf(sha256));
    await syncFolder(shard);
    if (made) await syncFolder(folder);
  }

  async function appendNow(sha256: string, offset: number, totalBytes: number, bytes: Uint8Array) {
    if ((await sizeOf(sha256)) !== undefined) return 'complete' as const;
    if (totalBytes > limits.packageBytes || offset + bytes.length > totalBytes)
      throw new AppError('sync.bad-range', { offset, totalBytes });
    const handle = await open(partOf(sha256), 'a', 0o600);
    try {
      const { size } = await handle.stat();
      if (size !== offset) throw new AppError('sync.bad-range', { offset, expected: size });
      await handle.writeFile(bytes);
      if (size + bytes.length < totalBytes) return 'part' as const;
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await hashFile(partOf(sha256))) !== sha256) {
      await rm(partOf(sha256), { force: true });
      throw new AppError('sync.content-mismatch', { sha256 });
    }
    await place(partOf(sha256), sha256);
    return 'complete' as const;
  }

  function inTurn<T>(sha256: string, work: () => Promise<T>): Promise<T> {
    const turn = (writing.get(sha256) ?? Promise.resolve()).then(work);
    const settled = turn
      .catch(() => undefined)
      .finally(() => {
        if (writing.get(sha256) === settled) writing.delete(sha256);
      });
    writing.set(sha256, settled);
    return turn;
  }

  async function sizeOf(sha256: string): Promise<number | undefined> {
    return sizeOrUndefined(pathOf(sha256));
  }

  return {
    async put(bytes, mediaType) {
      if (bytes.length === 0) throw new AppError('capture.empty');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const blob = { sha256, sizeBytes: bytes.length, mediaType };
      // A copy that rotted on the disk is written anew.
      if ((await sizeOf(sha256)) === bytes.length && (await hashFile(pathOf(sha256))) === sha256) return blob;
      const path = join(temporary, randomBytes(8).toString('hex'));
      try {
        const handle = await open(path, 'wx', 0o400);
        try {
          await writeAll(handle, bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await place(path, sha256);
      } catch (error) {
        // A full disk must not be filled further by halves.
        await rm(path, { force: true });
        throw asAppError(error);
      }
      return blob;
    },
    has: async sha256 => (await sizeOf(sha256)) !== undefined,
    async get(sha256) {
      const bytes = await readFile(pathOf(sha256)).catch(missing(sha256));
      if (createHash('sha256').update(bytes).digest('hex') !== sha256)
        throw new AppError('journal.blob-corrupt', { sha256 });
      return bytes;
    },
    read: (sha256, range) => createReadStream(pathOf(sha256), { ...range, highWaterMark: 256 * 1024 }),
    async *digests() {
      for (const shard of await readdir(folder))
        if (/^[0-9a-f]{2}$/.test(shard)) yield* await readdir(join(folder, shard));
    },
    sizeOf,
    partSize: async sha256 => (await sizeOrUndefined(partOf(sha256))) ?? 0,
    append: (sha256, offset, totalBytes, bytes) =>
      inTurn(sha256, () => appendNow(sha256, offset, totalBytes, bytes)),
    dropPart: sha256 => inTurn(sha256, () => rm(partOf(sha256), { force: true })),
    async freeBytes() {
      const disk = await statfs(folder);
      return disk.bavail * disk.bsize;
    },
  };
}

/** A full disk is something that a person can mend. */
function asAppError(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC'
    ? new AppError('journal.disk-full', {}, { cause: error })
    : error;
}

/** SHA-256 of a file, read in pieces. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) hash.update(chunk);
  return hash.digest('hex');
}

/** A digest is a file name only when it is one: no path tricks from a URL. */
function named(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new AppError('internal.bad-request', { what: 'sha256' });
  return sha256;
}

async function sizeOrUndefined(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, offset);
    offset += bytesWritten;
  }
}

function missing(sha256: string) {
  return (cause: NodeJS.ErrnoException): never => {
    throw cause.code === 'ENOENT' ? new AppError('journal.blob-missing', { sha256 }, { cause }) : cause;
  };
}
