import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder, writeFileAtomically } from '../../platform/atomic-file.ts';
import { type BlobStore, named, openBlobStore } from '../../platform/blob-store.ts';
import { openFileSource } from '../../platform/file-source.ts';
import { AppError } from '../../protocol/app-error.ts';
import { away, type S3Line } from './s3-line.ts';

/**
 * Content in a bucket of an S3-compatible store, under the names that a folder has: `ab/abcdef…`, so that
 * common tools copy one into the other. What is under way lies in `stagingDir` on this machine until it is
 * whole and its digest is right; then it goes up in one request. Several centres may use one bucket.
 *
 * Throws `setup.bad-configuration` when the bucket is not there for us; everything throws
 * `internal.content-away` while the store does not answer.
 */
export async function openS3BlobStore(line: S3Line, stagingDir: string): Promise<BlobStore> {
  await line.assertBucket();
  const staging = await openBlobStore(stagingDir);
  const damaged = join(stagingDir, 'damaged');
  makeFolder(damaged, 0o700);
  const keyOf = (sha256: string) => `${sha256.slice(0, 2)}/${named(sha256)}`;

  /** A power cut after the upload leaves the staged copy, which the next transfer finds and drops. */
  async function moveUp(sha256: string, sizeBytes: number): Promise<void> {
    await line.put(keyOf(sha256), { sha256, sizeBytes, open: () => staging.read(sha256) });
    await staging.remove(sha256);
  }

  async function* chunksOf(key: string, sha256: string, range?: { start: number; end: number }) {
    const response = await line.read(key, range);
    if (!response) throw new AppError('journal.blob-missing', { sha256 });
    try {
      for await (const chunk of response) yield chunk as Buffer;
    } catch (error) {
      throw away(error);
    }
  }

  return {
    async put(bytes, mediaType) {
      if (bytes.length === 0) throw new AppError('capture.empty');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      // Also when it is there: a copy that rotted is written anew.
      await line.put(keyOf(sha256), { sha256, sizeBytes: bytes.length, open: () => Readable.from([bytes]) });
      return { sha256, sizeBytes: bytes.length, mediaType };
    },
    has: async sha256 => (await line.sizeOf(keyOf(sha256))) !== undefined,
    async get(sha256) {
      const chunks: Buffer[] = [];
      for await (const chunk of chunksOf(keyOf(sha256), sha256)) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      if (createHash('sha256').update(bytes).digest('hex') !== sha256)
        throw new AppError('journal.blob-corrupt', { sha256 });
      return bytes;
    },
    async open(sha256) {
      // A copy on this machine's disk while it is read: a bucket is too far away for reading here and there.
      const path = join(stagingDir, `open-${randomUUID()}`);
      const hash = createHash('sha256');
      try {
        await pipeline(
          chunksOf(keyOf(sha256), sha256),
          async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              hash.update(chunk);
              yield chunk;
            }
          },
          createWriteStream(path, { mode: 0o600 }),
        );
        if (hash.digest('hex') !== sha256) throw new AppError('journal.blob-corrupt', { sha256 });
        return openFileSource(path);
      } finally {
        // The name goes; the bytes stay until they are closed, and not longer when this process is killed.
        await rm(path, { force: true });
      }
    },
    async write(mediaType, bring) {
      const blob = await staging.write(mediaType, bring);
      await moveUp(blob.sha256, blob.sizeBytes);
      return blob;
    },
    read: (sha256, range) => Readable.from(chunksOf(keyOf(sha256), sha256, range), { objectMode: false }),
    async *digests() {
      for await (const key of line.keys()) {
        const match = /^([0-9a-f]{2})\/(\1[0-9a-f]{62})$/.exec(key);
        if (match?.[2]) yield match[2];
      }
    },
    sizeOf: async sha256 => line.sizeOf(keyOf(sha256)),
    remove: async sha256 => line.remove(keyOf(sha256)),
    async take(blob, bring) {
      await staging.take(blob, bring);
      await moveUp(blob.sha256, blob.sizeBytes);
    },
    async adopt(path, sha256) {
      const { size: sizeBytes } = await stat(path);
      await line.put(keyOf(sha256), { sha256, sizeBytes, open: () => createReadStream(path) });
      await rm(path, { force: true });
    },
    async setAside(sha256) {
      const chunks: Buffer[] = [];
      for await (const chunk of chunksOf(keyOf(sha256), sha256)) chunks.push(chunk);
      await writeFileAtomically(join(damaged, sha256), Buffer.concat(chunks));
      await line.remove(keyOf(sha256));
    },
    aside: () => readdir(damaged),
    assertRoom: staging.assertRoom,
    freeBytes: staging.freeBytes,
  };
}
