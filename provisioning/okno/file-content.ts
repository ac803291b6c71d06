import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type OpenSource, openFileSource } from '../../platform/file-source.ts';
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
export function openSource(file: string): OpenSource {
  try {
    return openFileSource(file);
  } catch (cause) {
    throw new UnreadableFile(file, 'missing', { cause });
  }
}
