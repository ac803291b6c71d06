/**
 * A strict reader of DER (X.690 section 10): definite and shortest lengths, no bytes left over, one-byte
 * tags. Signatures are judged by it because lenient readers disagree about what was signed.
 */

/** Bytes that are not DER, or not the structure that was asked for. Caught where a verdict is formed. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

export interface DerValue {
  tag: number;
  content: Uint8Array;
  /** Tag, length and content. */
  encoded: Uint8Array;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const constructed = 0x20;
const deepest = 40;

/** Reads exactly one value, and checks the lengths of everything inside it. */
export function readDer(bytes: Uint8Array): DerValue {
  const value = readAt(bytes, 0);
  if (value.encoded.length !== bytes.length) throw new FormatError('bytes after the end');
  checkInside(value, 0);
  return value;
}

/** The values inside a constructed value. */
export function childrenOf(value: DerValue): DerValue[] {
  const children: DerValue[] = [];
  for (let offset = 0; offset < value.content.length; ) {
    const child = readAt(value.content, offset);
    children.push(child);
    offset += child.encoded.length;
  }
  return children;
}

function checkInside(value: DerValue, depth: number): void {
  if ((value.tag & constructed) === 0) return;
  if (depth > deepest) throw new FormatError('nested too deeply');
  for (const child of childrenOf(value)) checkInside(child, depth + 1);
}

function readAt(bytes: Uint8Array, offset: number): DerValue {
  const tag = byteAt(bytes, offset);
  if ((tag & 0x1f) === 0x1f) throw new FormatError('tag of several bytes');
  const { length, size } = readLength(bytes, offset + 1);
  const start = offset + 1 + size;
  const end = start + length;
  if (end > bytes.length) throw new FormatError('cut off');
  return { tag, content: bytes.subarray(start, end), encoded: bytes.subarray(offset, end) };
}

function readLength(bytes: Uint8Array, offset: number): { length: number; size: number } {
  const first = byteAt(bytes, offset);
  if (first < 0x80) return { length: first, size: 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new FormatError('length is indefinite or absurd');
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + byteAt(bytes, offset + i);
  const shortest = length >= 0x80 && length >= 256 ** (count - 1);
  if (!shortest) throw new FormatError('length is not in its shortest form');
  return { length, size: 1 + count };
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new FormatError('cut off');
  return byte;
}
