import { FormatError, whyNotDer } from './der.ts';

const constructed = 0x20;
const octetString = 0x04;
const constructedOctetString = 0x24;
/** Values inside values. Streaming writers nest octet strings two deep; attackers, thousands. */
const deepest = 60;
/** Values in one message: bounds the time that a crafted one may take. */
const mostValues = 300_000;

interface Part {
  bytes: Uint8Array;
  /** Where the value ends in the source. */
  end: number;
  tag: number;
  /** Content without tag and length, the chunks of an octet string put together. */
  content: Uint8Array;
  /** Stands in the source just so. */
  isSame: boolean;
}

/**
 * The same message with definite and shortest lengths and with octet strings in one piece: CMS may come in
 * BER (RFC 5652 section 5.1), which Bouncy Castle, CryptoPro and `openssl cms -stream` write. Nothing is put
 * in another order, and what is in DER already comes back byte for byte, so that what was signed stays.
 * @throws FormatError
 */
export function derOf(bytes: Uint8Array): Uint8Array {
  if (whyNotDer(bytes) === null) return bytes;
  const { bytes: normal, end } = readPart(bytes, 0, 0, { left: mostValues });
  if (end !== bytes.length) throw new FormatError('bytes after the end');
  return normal;
}

/** Where the first value of bytes ends, of definite length or not. @throws FormatError */
export function endOfValue(bytes: Uint8Array): number {
  return readPart(bytes, 0, 0, { left: mostValues }).end;
}

function readPart(source: Uint8Array, offset: number, depth: number, budget: { left: number }): Part {
  budget.left -= 1;
  if (depth > deepest || budget.left < 0) throw new FormatError('nested too deeply');
  const tag = byteAt(source, offset);
  if ((tag & 0x1f) === 0x1f) throw new FormatError('tag of several bytes');
  const { length, start } = readLength(source, offset + 1);
  if ((tag & constructed) === 0) {
    if (length === null) throw new FormatError('indefinite length of a plain value');
    const content = source.subarray(start, start + length);
    return part(source, { offset, end: start + length, tag, content, isSame: true });
  }
  const end = length === null ? source.length : start + length;
  if (end > source.length) throw new FormatError('cut off');
  const children: Part[] = [];
  let position = start;
  for (;;) {
    if (length !== null && position === end) break;
    if (length === null && byteAt(source, position) === 0 && byteAt(source, position + 1) === 0) {
      position += 2;
      break;
    }
    const child = readPart(source.subarray(0, end), position, depth + 1, budget);
    children.push(child);
    position = child.end;
  }
  return joined(source, { offset, start, end: position, tag }, children, length !== null);
}

function joined(
  source: Uint8Array,
  place: { offset: number; start: number; end: number; tag: number },
  children: Part[],
  definite: boolean,
): Part {
  if (place.tag === constructedOctetString) {
    if (children.some(({ tag }) => tag !== octetString))
      throw new FormatError('octet string of other values');
    const content = Buffer.concat(children.map(child => child.content));
    return part(source, { ...place, tag: octetString, content, isSame: false });
  }
  const isSame = definite && children.every(child => child.isSame);
  const content = isSame
    ? source.subarray(place.start, place.end)
    : Buffer.concat(children.map(child => child.bytes));
  return part(source, { ...place, content, isSame });
}

/** The value as it stands when its content and header are right, and else written anew. */
function part(
  source: Uint8Array,
  value: { offset: number; end: number; tag: number; content: Uint8Array; isSame: boolean },
): Part {
  const { offset, end, tag, content } = value;
  if (end > source.length) throw new FormatError('cut off');
  const header = Uint8Array.of(tag, ...lengthBytes(content.length));
  const isSame = value.isSame && header.every((byte, index) => source[offset + index] === byte);
  const bytes = isSame ? source.subarray(offset, end) : Buffer.concat([header, content]);
  return { bytes, end, tag, content, isSame };
}

function readLength(bytes: Uint8Array, offset: number): { length: number | null; start: number } {
  const first = byteAt(bytes, offset);
  if (first < 0x80) return { length: first, start: offset + 1 };
  if (first === 0x80) return { length: null, start: offset + 1 };
  const count = first & 0x7f;
  let length = 0;
  for (let i = 1; i <= count; i++) {
    length = length * 256 + byteAt(bytes, offset + i);
    if (length > bytes.length) throw new FormatError('cut off');
  }
  return { length, start: offset + 1 + count };
}

function lengthBytes(size: number): number[] {
  if (size < 0x80) return [size];
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new FormatError('cut off');
  return byte;
}
