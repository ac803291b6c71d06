import { type ByteSource, readExactly } from './byte-source.ts';
import { malformed, type Oddity } from './malformed.ts';
import { zip } from './zip-format.ts';

/** Where the central directory lies and how many lines it has. */
export interface DirectoryPlace {
  offset: number;
  size: number;
  count: number;
  /** The comment of the archive, in which an ASiC may repeat its type (EN 319 162-1 annex A.1). */
  comment: string;
}

/**
 * Reads the end record, and that of ZIP64 before it. It must be the only one that reaches the very end:
 * taking the first that looks like one, as most readers do, lets two readers find two different directories.
 * @throws AppError `package.malformed`
 */
export function readEnd(source: ByteSource, odd: Oddity): DirectoryPlace {
  const tailBytes = Math.min(source.sizeBytes, zip.endBytes + zip.longestComment);
  const tail = readExactly(source, source.sizeBytes - tailBytes, tailBytes, 'no-end-record-at-the-end');
  const ends: number[] = [];
  for (let at = tail.length - zip.endBytes; at >= 0; at--) {
    const isEnd = tail.readUInt32LE(at) === zip.endSignature;
    if (isEnd && at + zip.endBytes + tail.readUInt16LE(at + 20) === tail.length) ends.push(at);
  }
  const [at, ...others] = ends;
  if (at === undefined || others.length > 0) throw malformed('no-end-record-at-the-end');
  if (at + zip.endBytes < tail.length) odd('no-end-record-at-the-end');
  const end = tail.subarray(at);
  const place = {
    count: end.readUInt16LE(10),
    size: end.readUInt32LE(12),
    offset: end.readUInt32LE(16),
    comment: end.toString('latin1', zip.endBytes),
  };
  if (end.readUInt32LE(4) !== 0 || end.readUInt16LE(8) !== place.count) throw malformed('several-disks');
  const endOffset = source.sizeBytes - tail.length + at;
  const directoryEnd = place.offset + place.size;
  if (directoryEnd === endOffset) return place;
  odd('directory-misplaced');
  return readEnd64(source, place, endOffset);
}

/** APPNOTE 4.3.14 and 4.3.15: between the directory and the end record; each number here or there, not two. */
function readEnd64(source: ByteSource, said: DirectoryPlace, endOffset: number): DirectoryPlace {
  const locatorOffset = endOffset - zip.end64LocatorBytes;
  const locator = readExactly(source, locatorOffset, zip.end64LocatorBytes, 'directory-misplaced');
  const recordOffset = locatorOffset - zip.end64Bytes;
  if (
    locator.readUInt32LE(0) !== zip.end64LocatorSignature ||
    Number(locator.readBigUInt64LE(8)) !== recordOffset
  )
    throw malformed('directory-misplaced');
  const record = readExactly(source, recordOffset, zip.end64Bytes, 'directory-misplaced');
  if (
    record.readUInt32LE(0) !== zip.end64Signature ||
    Number(record.readBigUInt64LE(4)) !== zip.end64Bytes - 12
  )
    throw malformed('directory-misplaced');
  if (record.readUInt32LE(16) !== 0 || record.readUInt32LE(20) !== 0) throw malformed('several-disks');
  const place = {
    count: Number(record.readBigUInt64LE(32)),
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
    comment: said.comment,
  };
  const agrees =
    (said.count === place.count || said.count === 0xffff) &&
    (said.size === place.size || said.size === zip.elsewhere) &&
    (said.offset === place.offset || said.offset === zip.elsewhere);
  if (!agrees || place.offset + place.size !== recordOffset) throw malformed('directory-misplaced');
  return place;
}
