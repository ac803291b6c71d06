import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeFileAtomically } from '../../../platform/atomic-file.ts';
import type { Blob } from '../../../protocol/values.ts';

/** Packages and results on the agency's disk, named by digest. */
export interface Content {
  /** False, and nothing kept, when the bytes are not the named ones. */
  receive(sha256: string, bytes: AsyncIterable<Uint8Array>): Promise<boolean>;
  put(bytes: Uint8Array, mediaType: string): Promise<Blob>;
  sizeOf(sha256: string): Promise<number | undefined>;
  get(sha256: string): Promise<Buffer>;
  /** The first `sizeBytes` bytes. */
  stream(sha256: string, sizeBytes: number): ReadStream;
  count(): Promise<number>;
}

export async function openContent(folder: string): Promise<Content> {
  await mkdir(folder, { recursive: true });
  const pathOf = (sha256: string) => join(folder, sha256);

  return {
    async receive(sha256, bytes) {
      const temporary = join(folder, `.${randomBytes(8).toString('hex')}`);
      const hash = createHash('sha256');
      const file = await open(temporary, 'wx');
      try {
        for await (const chunk of bytes) {
          hash.update(chunk);
          await file.write(chunk);
        }
        await file.sync();
        if (hash.digest('hex') !== sha256) return false;
        await rename(temporary, pathOf(sha256));
        await syncFolder(folder);
        return true;
      } finally {
        await file.close();
        await rm(temporary, { force: true });
      }
    },
    async put(bytes, mediaType) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await writeFileAtomically(pathOf(sha256), bytes);
      return { sha256, sizeBytes: bytes.length, mediaType };
    },
    async sizeOf(sha256) {
      try {
        return (await stat(pathOf(sha256))).size;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    get: sha256 => readFile(pathOf(sha256)),
    stream: (sha256, sizeBytes) => createReadStream(pathOf(sha256), { end: sizeBytes - 1 }),
    count: async () => (await readdir(folder)).filter(name => !name.startsWith('.')).length,
  };
}
