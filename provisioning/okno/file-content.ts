import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ByteSource } from '../../protocol/package/byte-source.ts';
import type { Content } from '../../protocol/signature/content.ts';
import { startDigest } from '../../protocol/signature/digests.ts';
import { UnreadableFile } from './unreadable-file.ts';

/** A file as signed content: hashed while it is read, so that its size costs no memory. */
export function contentOfFile(file: string): Content {
  return {
    digest: async oid => {
      const digest = startDigest(oid);
      if (!digest) return undefined;
      for await (const piece of createReadStream(file, { highWaterMark: 256 * 1024 })) digest.update(piece);
      return digest.digest();
    },
    bytes: () => readFile(file),
  };
}

/** Opens a file for reading at any place; `close` it in the end. @throws UnreadableFile */
export function openSource(file: string): ByteSource & { close(): void } {
  let handle: number;
  let sizeBytes: number;
  try {
    handle = openSync(file, 'r');
    sizeBytes = fstatSync(handle).size;
  } catch (cause) {
    throw new UnreadableFile(file, 'missing', { cause });
  }
  return {
    sizeBytes,
    read: (offset, length) => {
      const bytes = Buffer.alloc(length);
      for (let done = 0; done < length; ) {
        const count = readSync(handle, bytes, done, length - done, offset + done);
        if (count === 0) throw new UnreadableFile(file, 'missing');
        done += count;
      }
      return bytes;
    },
    close: () => closeSync(handle),
  };
}
