import { crc32 } from 'node:zlib';
import { malformed, type Oddity } from './malformed.ts';

/** Extra fields that only repeat times and owners. Others can rename or resize an entry. */
const harmless = new Set([0x000a, 0x5455, 0x5855, 0x7855, 0x7875]);
/** Kinds of encryption (APPNOTE 4.5.2, and WinZip's AES). */
const encryption = new Set([0x0014, 0x0015, 0x0016, 0x0017, 0x0019, 0x9901]);
const zip64Field = 0x0001;
const unicodePathField = 0x7075;

/** What extra fields say that matters; sizes and offsets of ZIP64 in the order in which they stand. */
export interface Extras {
  zip64: number[] | null;
  /** Info-ZIP's name in UTF-8. */
  unicodeName: string | null;
}

/** @throws AppError `package.malformed` */
export function readExtras(extras: Buffer, nameBytes: Uint8Array, odd: Oddity): Extras {
  const found: Extras = { zip64: null, unicodeName: null };
  for (let position = 0; position < extras.length; ) {
    if (extras.length - position < 4) throw malformed('extra-field');
    const id = extras.readUInt16LE(position);
    const next = position + 4 + extras.readUInt16LE(position + 2);
    if (next > extras.length) throw malformed('extra-field');
    const field = extras.subarray(position + 4, next);
    if (encryption.has(id)) throw malformed('encrypted-or-unknown-flags');
    if (!harmless.has(id)) odd('extra-field');
    if (id === zip64Field) {
      if (found.zip64) throw malformed('extra-field');
      found.zip64 = numbersOf(field);
    }
    if (id === unicodePathField) found.unicodeName = unicodeName(field, nameBytes);
    position = next;
  }
  return found;
}

/** Numbers of eight bytes; what is beyond a safe integer is beyond every limit as well. */
function numbersOf(field: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = 0; at + 8 <= field.length; at += 8) numbers.push(Number(field.readBigUInt64LE(at)));
  return numbers;
}

/** APPNOTE 4.6.9: holds only as long as its checksum fits the name that it replaces. */
function unicodeName(field: Buffer, nameBytes: Uint8Array): string {
  if (field.length < 5 || field[0] !== 1 || field.readUInt32LE(1) !== crc32(nameBytes))
    throw malformed('extra-field');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(field.subarray(5));
  } catch (cause) {
    if (cause instanceof TypeError) throw malformed('name-of-unknown-encoding');
    throw cause;
  }
}
