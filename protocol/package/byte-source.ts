import { malformed } from './malformed.ts';

/** Bytes that can be read at any place: a buffer, or a file too large to be held. */
export interface ByteSource {
  sizeBytes: number;
  /** Exactly `length` bytes; the caller asks only for what is there. */
  read(offset: number, length: number): Buffer;
}

export function sourceOf(bytes: Uint8Array): ByteSource {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sizeBytes: whole.length, read: (offset, length) => whole.subarray(offset, offset + length) };
}

/** @throws AppError `package.malformed {reason}` when the source ends before */
export function readExactly(source: ByteSource, offset: number, length: number, reason: string): Buffer {
  if (offset < 0 || length < 0 || offset + length > source.sizeBytes) throw malformed(reason);
  return source.read(offset, length);
}
