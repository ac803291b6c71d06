import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../protocol/app-error.ts';
import { limits } from '../protocol/limits.ts';
import { piecesIn, type Write } from '../protocol/package/byte-source.ts';
import type { Blob } from '../protocol/values.ts';
import { makeFolder, syncFolder } from './atomic-file.ts';
import { type OpenSource, openFileSource } from './file-source.ts';

export interface BlobStore {
  /** Stores bytes durably and names them. Storing the same bytes twice is one blob. */
  put(bytes: Uint8Array, mediaType: string): Promise<Blob>;
  has(sha256: string): Promise<boolean>;
  /** The bytes, re-hashed. Throws `journal.blob-missing`, `journal.blob-corrupt`. */
  get(sha256: string): Promise<Buffer>;
  /** The same for one that may be large: re-hashed now, read in place later. The caller closes it. */
  open(sha256: string): Promise<OpenSource>;
  /** A stream of the bytes or of a part, not re-hashed; ends with an error when the blob is not here. */
  read(sha256: string, range?: { start: number; end: number }): Readable;
  /** Digests of all blobs that are here, in no order. */
  digests(): AsyncIterable<string>;
  /** Size in bytes, or undefined when the blob is not here. */
  sizeOf(sha256: string): Promise<number | undefined>;
  /** Forgets the blob; a repeat is harmless. */
  remove(sha256: string): Promise<void>;
  /**
   * Stores what `bring` writes, piece by piece, when it is exactly the named content; nothing otherwise.
   * Throws `sync.content-mismatch`, `internal.too-large`, `journal.disk-full`.
   */
  take(blob: Blob, bring: (write: Write) => Promise<void>): Promise<void>;
  /**
   * Stores what `bring` writes, piece by piece, and names it; nothing when `bring` throws. Throws
   * `journal.disk-full`.
   */
  write(mediaType: string, bring: (write: Write) => Promise<void>): Promise<Blob>;
  /** Takes over a file of this disk whose digest was checked and whose bytes are flushed. */
  adopt(path: string, sha256: string): Promise<void>;
  /** Takes a damaged blob out of use; it stays on the disk for whoever looks into the damage. */
  setAside(sha256: string): Promise<void>;
  /** Digests that were ever set aside; what came again is among them. */
  aside(): Promise<string[]>;
  /** Throws `journal.disk-full` when so many bytes would touch what is reserved for records. */
  assertRoom(sizeBytes: number): Promise<void>;
  /** Bytes free on the disk for this process. */
  freeBytes(): Promise<number>;
}

/**
 * Content-addressed files: `ab/abcdef…`. Written to a temp file, fsynced, renamed, folder fsynced, so
 * that a name is never seen before its bytes are whole. Temp files of an earlier run are removed at the
 * start. Nobody but this user may read any of it.
 */
export async function openBlobStore(
  folder: string,
  options: {
    isShared?: boolean;
    /** Never filled by blobs: this part of the disk is for records. */
    reserveBytes?: number;
  } = {},
): Promise<BlobStore> {
  const temporary = join(folder, 'tmp');
  const damaged = join(folder, 'damaged');
  // What lies there may be what another centre writes at this moment.
  if (!options.isShared) await rm(temporary, { recursive: true, force: true });
  makeFolder(temporary, 0o700);
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), named(sha256));
  const sizeOf = (sha256: string) => sizeOrUndefined(pathOf(sha256));

  async function assertRoom(sizeBytes: number): Promise<void> {
    const { reserveBytes = 0 } = options;
    if (reserveBytes > 0 && (await freeBytes()) < reserveBytes + sizeBytes)
      throw new AppError('journal.disk-full', { reserveBytes });
  }

  async function freeBytes(): Promise<number> {
    const disk = await statfs(folder);
    return disk.bavail * disk.bsize;
  }

  async function adopt(path: string, sha256: string): Promise<void> {
    const shard = join(folder, sha256.slice(0, 2));
    const made = await mkdir(shard, { recursive: true, mode: 0o700 });
    await rename(path, pathOf(sha256));
    await syncFolder(shard);
    if (made) await syncFolder(folder);
  }

  async function take({ sha256, sizeBytes }: Blob, bring: (write: Write) => Promise<void>) {
    await assertRoom(sizeBytes);
    await keep(sizeBytes, bring, found => {
      if (found.sizeBytes !== sizeBytes || found.sha256 !== sha256)
        throw new AppError('sync.content-mismatch', { sha256 });
    });
  }

  /** Writes beside the blobs, and makes one of it when `check` lets it. */
  async function keep(
    mostBytes: number,
    bring: (write: Write) => Promise<void>,
    check: (found: { sha256: string; sizeBytes: number }) => void,
  ): Promise<{ sha256: string; sizeBytes: number }> {
    const path = join(temporary, randomBytes(8).toString('hex'));
    const hash = createHash('sha256');
    let sizeBytes = 0;
    try {
      const handle = await open(path, 'wx', 0o400);
      try {
        await bring(async bytes => {
          sizeBytes += bytes.length;
          if (sizeBytes > mostBytes) throw new AppError('internal.too-large', { sizeBytes: mostBytes });
          hash.update(bytes);
          await writeAll(handle, bytes);
        });
        const found = { sha256: hash.digest('hex'), sizeBytes };
        check(found);
        await handle.sync();
        await adopt(path, found.sha256);
        return found;
      } finally {
        await handle.close();
      }
    } catch (error) {
      // A full disk must not be filled further by halves.
      await rm(path, { force: true });
      throw fullDisk(error);
    }
  }

  return {
    async put(bytes, mediaType) {
      if (bytes.length === 0) throw new AppError('capture.empty');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const blob = { sha256, sizeBytes: bytes.length, mediaType };
      // A copy that rotted on the disk is written anew.
      if ((await sizeOf(sha256)) === bytes.length && (await hashFile(pathOf(sha256))) === sha256) return blob;
      await take(blob, write => write(bytes));
      return blob;
    },
    has: async sha256 => (await sizeOf(sha256)) !== undefined,
    async get(sha256) {
      const bytes = await readFile(pathOf(sha256)).catch(missing(sha256));
      if (createHash('sha256').update(bytes).digest('hex') !== sha256)
        throw new AppError('journal.blob-corrupt', { sha256 });
      return bytes;
    },
    async open(sha256) {
      const path = pathOf(sha256);
      if ((await hashFile(path).catch(missing(sha256))) !== sha256)
        throw new AppError('journal.blob-corrupt', { sha256 });
      return openFileSource(path);
    },
    read: (sha256, range) => createReadStream(pathOf(sha256), { ...range, highWaterMark: 256 * 1024 }),
    async *digests() {
      for (const shard of await readdir(folder))
        if (/^[0-9a-f]{2}$/.test(shard)) yield* await readdir(join(folder, shard));
    },
    sizeOf,
    remove: sha256 => rm(pathOf(sha256), { force: true }),
    take,
    async write(mediaType, bring) {
      // The size is not known before; whoever writes much asks for the room itself.
      await assertRoom(0);
      return { ...(await keep(limits.packageBytes, bring, () => {})), mediaType };
    },
    adopt,
    async setAside(sha256) {
      await mkdir(damaged, { recursive: true, mode: 0o700 });
      await rename(pathOf(sha256), join(damaged, sha256));
      await syncFolder(damaged);
      await syncFolder(join(folder, sha256.slice(0, 2)));
    },
    aside: () => readdir(damaged).catch(none),
    assertRoom,
    freeBytes,
  };
}

/** A full disk is something that a person can mend. */
export function fullDisk(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC'
    ? new AppError('journal.disk-full', {}, { cause: error })
    : error;
}

/** SHA-256 of a file, read in pieces. */
export async function hashFile(path: string): Promise<string> {
  const source = openFileSource(path);
  try {
    const hash = createHash('sha256');
    for (const piece of piecesIn(source)) {
      hash.update(piece);
      await nextTurn();
    }
    return hash.digest('hex');
  } finally {
    source.close();
  }
}

/** A digest is a name only when it is one: no path tricks from a URL. Throws `internal.bad-request`. */
export function named(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new AppError('internal.bad-request', { what: 'sha256' });
  return sha256;
}

export async function sizeOrUndefined(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeAll(handle: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const at = position === undefined ? undefined : position + offset;
    const { bytesWritten } = await handle.write(bytes, offset, bytes.length - offset, at);
    offset += bytesWritten;
  }
}

function none(cause: NodeJS.ErrnoException): string[] {
  if (cause.code !== 'ENOENT') throw cause;
  return [];
}

function missing(sha256: string) {
  return (cause: NodeJS.ErrnoException): never => {
    throw cause.code === 'ENOENT' ? new AppError('journal.blob-missing', { sha256 }, { cause }) : cause;
  };
}
