import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Content } from '../signature/content.ts';
import { startDigest } from '../signature/digests.ts';
import type { ByteSource } from './byte-source.ts';
import { readFile, type ZipFile } from './zip-reader.ts';
import { piecesOf } from './zip-stream.ts';

/**
 * A file of an opened container. Its bytes are read when they are asked for, and checked on the way: all
 * of it throws `package.malformed` when the file is not what the container says.
 */
export interface Entry extends Content {
  name: string;
  sizeBytes: number;
  pieces(): AsyncIterable<Uint8Array>;
}

/**
 * `along` are digests that will be asked for besides: a file of hundreds of megabytes is read once for its
 * own signature and for the manifest together.
 */
export function entryOf(source: ByteSource, file: ZipFile, along: readonly string[] = []): Entry {
  const found = new Map<string, Uint8Array>();
  const pieces = () => piecesOf(source, file);
  return {
    name: file.name,
    sizeBytes: file.size,
    pieces,
    bytes: async () => readFile(source, file),
    async digest(oid) {
      if (!found.has(oid)) {
        const wanted = [...new Set([oid, ...along])].flatMap(each => {
          const digest = startDigest(each);
          return digest ? [{ oid: each, digest }] : [];
        });
        if (!wanted.some(each => each.oid === oid)) return undefined;
        for await (const piece of pieces()) {
          for (const { digest } of wanted) digest.update(piece);
          // Hashing hundreds of megabytes must not stop the queue of a branch meanwhile.
          await nextTurn();
        }
        for (const each of wanted) found.set(each.oid, each.digest.digest());
      }
      return found.get(oid);
    },
  };
}
