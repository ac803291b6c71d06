import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../protocol/package/byte-source.ts';

/** Bytes on a disk that can be read at any place until they are closed. */
export interface OpenSource extends ByteSource {
  close(): void;
}

/** Opens a file for reading at any place. Throws what the file system throws. */
export function openFileSource(path: string): OpenSource {
  const handle = openSync(path, 'r');
  const sizeBytes = fstatSync(handle).size;
  return {
    sizeBytes,
    read: (offset, length, into) => {
      const bytes = into?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length);
      for (let done = 0; done < length; ) {
        const count = readSync(handle, bytes, done, length - done, offset + done);
        if (count === 0) throw new Error('the file became shorter while it was read');
        done += count;
      }
      return bytes;
    },
    close: () => closeSync(handle),
  };
}
