import { malformed } from './malformed.ts';

/** Bytes that can be read at any place: a buffer, or a file too large to be held. */
export interface ByteSource {
  sizeBytes: number;
  /** Exactly `length` bytes; the caller asks only for what is there. `into` may be used for them. */
  read(offset: number, length: number, into?: Buffer): Buffer;
}

/** Takes bytes one piece after another, as a file or a request does. */
export type Write = (bytes: Uint8Array) => Promise<void>;

/** So much of a file is in memory at once, and so long other work waits for a digest. */
const pieceBytes = 256 * 1024;

export function sourceOf(bytes: Uint8Array | ByteSource): ByteSource {
  if (!(bytes instanceof Uint8Array)) return bytes;
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sizeBytes: whole.length, read: (offset, length) => whole.subarray(offset, offset + length) };
}

/**
 * A stretch of a source piece by piece; all of it when no stretch is given. A piece is good until the next
 * one: all of them may lie in the same memory, which is not grown by what waits for the garbage collector.
 */
export function* piecesIn(
  source: ByteSource,
  { offset, length } = { offset: 0, length: source.sizeBytes },
): Generator<Buffer> {
  const room = length > pieceBytes ? Buffer.allocUnsafeSlow(pieceBytes) : undefined;
  for (let at = 0; at < length; at += pieceBytes)
    yield source.read(offset + at, Math.min(pieceBytes, length - at), room);
}

/** @throws AppError `package.malformed {reason}` when the source ends before */
export function readExactly(source: ByteSource, offset: number, length: number, reason: string): Buffer {
  if (offset < 0 || length < 0 || offset + length > source.sizeBytes) throw malformed(reason);
  return source.read(offset, length);
}
