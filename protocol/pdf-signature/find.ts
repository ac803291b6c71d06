import { endOfValue } from '../signature/ber.ts';
import { FormatError } from '../signature/der.ts';

/** A signature dictionary of a PDF file (ISO 32000-1 section 12.8.1). */
export interface PdfSignature {
  /** Such as `ETSI.CAdES.detached`; '' when none is named. */
  subFilter: string;
  /** Time by the signer's clock (`/M`), or null. */
  signedAt: Date | null;
  /** What is signed: everything before and behind the gap. Null when the dictionary breaks the rules. */
  signed: { gapStart: number; gapEnd: number; end: number; value: Uint8Array } | null;
}

const byteRange = /^\/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]/;
/** A dictionary has less than this around its gap; more is not looked at. */
const longestDictionaryBytes = 16 * 1024;
const mostSignatures = 64;
/** How often the word may stand in a file, as in its pages: a crafted one must not keep a processor busy. */
const mostPlaces = 1000;

/** The signatures of a file by the end of what they sign. Only dictionaries with both entries count. */
export function findSignatures(file: Buffer): PdfSignature[] {
  const found: PdfSignature[] = [];
  let places = 0;
  for (let at = file.indexOf('/ByteRange'); at >= 0; at = file.indexOf('/ByteRange', at + 1)) {
    const signature = readAt(file, at);
    if (signature) found.push(signature);
    places += 1;
    if (found.length > mostSignatures || places > mostPlaces)
      return [...found.slice(0, mostSignatures), broken];
  }
  return found.toSorted((one, other) => (one.signed?.end ?? 0) - (other.signed?.end ?? 0));
}

const broken: PdfSignature = { subFilter: '', signedAt: null, signed: null };

/** Null for the word in any other place than a signature dictionary. */
function readAt(file: Buffer, at: number): PdfSignature | null {
  const numbers = byteRange
    .exec(file.toString('latin1', at, at + 200))
    ?.slice(1)
    .map(Number);
  if (!numbers) return null;
  const [from = 0, gapStart = 0, gapEnd = 0, rest = 0] = numbers;
  const end = gapEnd + rest;
  const before = textBefore(file, Math.min(at, gapStart));
  const start = before.lastIndexOf(' obj');
  const behind = textAt(file, Math.max(at, gapEnd));
  const objectEnd = behind.indexOf('endobj');
  const isNear = /\/(?:Sub)?Filter\b/.test(file.toString('latin1', Math.max(0, at - 300), at + 300));
  if (start < 0 || objectEnd < 0) return isNear ? broken : null;
  // Between the two lies the gap alone, or the word `/ByteRange` and what else stands beside it.
  const between =
    at < gapStart
      ? textBefore(file, gapStart).slice(-(gapStart - at))
      : textAt(file, gapEnd).slice(0, Math.max(0, at - gapEnd));
  const text = before.slice(start) + between + behind.slice(0, objectEnd);
  if (!/\/Filter\b/.test(text)) return isNear ? broken : null;
  const isPlaced = from === 0 && gapStart < gapEnd && end <= file.length;
  if (!isPlaced || !/\/Contents\s*$/.test(textBefore(file, gapStart)) || / obj\b|endobj/.test(between))
    return broken;
  const value = messageIn(file.toString('latin1', gapStart, gapEnd));
  const subFilter = nameIn(text, 'SubFilter');
  const isStamp = subFilter === '' && nameIn(text, 'Type') === 'DocTimeStamp';
  return {
    subFilter: isStamp ? 'ETSI.RFC3161' : subFilter,
    signedAt: timeOf(/\/M\s*\(([^)]{4,40})\)/.exec(text)?.[1] ?? ''),
    signed: value && { gapStart, gapEnd, end, value },
  };
}

/** So much before a place, or from it on, that a dictionary has room in it. */
function textBefore(file: Buffer, at: number): string {
  return file.toString('latin1', Math.max(0, at - longestDictionaryBytes), Math.max(0, at));
}

function textAt(file: Buffer, at: number): string {
  return file.toString('latin1', at, at + longestDictionaryBytes);
}

/** The message in a hexadecimal string; zeros behind it fill the room that was kept for it. */
function messageIn(gap: string): Uint8Array | null {
  const digits = gap.slice(1, -1).replace(/\s+/g, '');
  if (!gap.startsWith('<') || !gap.endsWith('>') || !/^(?:[0-9A-Fa-f]{2})+$/.test(digits)) return null;
  const bytes = Buffer.from(digits, 'hex');
  try {
    const end = endOfValue(bytes);
    return bytes.subarray(end).every(byte => byte === 0) ? bytes.subarray(0, end) : null;
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

function nameIn(text: string, key: string): string {
  return new RegExp(`/${key}\\s*/([A-Za-z0-9.#_-]+)`).exec(text)?.[1] ?? '';
}

/** A date of PDF, such as `D:20250131120000+03'00'` (section 7.9.4). */
function timeOf(text: string): Date | null {
  const parts = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:Z|([+-]\d\d)'?(\d\d)?)?/.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second = '00', zoneHours = '+00', zoneMinutes = '00'] = parts;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zoneHours}:${zoneMinutes}`);
  return Number.isNaN(at.getTime()) ? null : at;
}
