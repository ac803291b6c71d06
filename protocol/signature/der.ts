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
const constructedOctetString = 0x24;
const deepest = 40;
/** Values in one message. Lists of revoked certificates have hundreds of thousands. */
const mostValues = 2_000_000;

/** Reads exactly one value, and checks the lengths of everything inside it. */
export function readDer(bytes: Uint8Array): DerValue {
  const problem = whyNotDer(bytes);
  if (problem) throw new FormatError(problem);
  return readAt(bytes, 0);
}

/** Why bytes are not one value in DER, or null. Walks without making objects: a crafted message is long. */
export function whyNotDer(bytes: Uint8Array): string | null {
  const ends = [bytes.length];
  let position = 0;
  for (let left = mostValues; left > 0; left--) {
    const header = headerAt(bytes, position);
    if (typeof header === 'string') return header;
    const { tag, start, end } = header;
    if (end > (ends.at(-1) ?? 0)) return 'cut off';
    if (tag === constructedOctetString) return 'octet string in pieces';
    position = (tag & constructed) === 0 ? end : start;
    if ((tag & constructed) !== 0) ends.push(end);
    if (ends.length > deepest) return 'nested too deeply';
    while (ends.length > 1 && ends.at(-1) === position) ends.pop();
    if (ends.length === 1) return position === bytes.length ? null : 'bytes after the end';
  }
  return 'too many values';
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

function readAt(bytes: Uint8Array, offset: number): DerValue {
  const header = headerAt(bytes, offset);
  if (typeof header === 'string') throw new FormatError(header);
  const { tag, start, end } = header;
  if (end > bytes.length) throw new FormatError('cut off');
  return { tag, content: bytes.subarray(start, end), encoded: bytes.subarray(offset, end) };
}

/** Tag and place of a value, or what is wrong with them. */
function headerAt(bytes: Uint8Array, offset: number): { tag: number; start: number; end: number } | string {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) return 'cut off';
  if ((tag & 0x1f) === 0x1f) return 'tag of several bytes';
  if (first < 0x80) return { tag, start: offset + 2, end: offset + 2 + first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) return 'length is indefinite or absurd';
  let length = 0;
  for (let i = 2; i < 2 + count; i++) length = length * 256 + (bytes[offset + i] ?? Number.NaN);
  if (Number.isNaN(length)) return 'cut off';
  if (length < 0x80 || length < 256 ** (count - 1)) return 'length is not in its shortest form';
  const start = offset + 2 + count;
  return { tag, start, end: start + length };
}
