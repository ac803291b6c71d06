import { crc32 } from 'node:zlib';
import { limits } from '../limits.ts';
import { type ByteSource, piecesIn, type Write } from './byte-source.ts';
import { checkEntryName, nameKey } from './entry-name.ts';
import { malformed, refuseOddity } from './malformed.ts';
import { zip } from './zip-format.ts';

export interface ZipEntry {
  name: string;
  content: ByteSource;
  /** CRC-32 of the content when it is known already; it stands before the content and costs a reading else. */
  crc?: number;
}

/**
 * Writes a ZIP file piece by piece. Everything is stored: scans are compressed already, and so the same
 * entries give the same bytes on every machine, whatever its compressor.
 * @throws AppError `package.malformed` for names and sizes that the reader would refuse, before any byte
 */
export async function writeZip(entries: ZipEntry[], write: Write): Promise<void> {
  if (new Set(entries.map(({ name }) => nameKey(name))).size !== entries.length)
    throw malformed('duplicate-name');
  if (entries.length > limits.packageEntries) throw malformed('too-many-entries');
  for (const { name } of entries) checkEntryName(name, refuseOddity);
  if (zipBytes(entries) > limits.packageBytes) throw malformed('too-large');
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, content, crc = crcOf(content) } of entries) {
    const encodedName = Buffer.from(name);
    const shared = sharedHeader(encodedName, content.sizeBytes, crc);
    await write(localHeader(shared, encodedName));
    for (const piece of piecesIn(content)) await write(piece);
    directory.push(centralHeader(shared, encodedName, offset));
    offset += zip.localHeaderBytes + encodedName.length + content.sizeBytes;
  }
  const directoryBytes = directory.reduce((sum, header) => sum + header.length, 0);
  await write(Buffer.concat([...directory, endRecord(entries.length, directoryBytes, offset)]));
}

function zipBytes(entries: ZipEntry[]): number {
  const headers = zip.localHeaderBytes + zip.centralHeaderBytes;
  const sizes = entries.map(({ name, content }) => headers + 2 * Buffer.byteLength(name) + content.sizeBytes);
  return sizes.reduce((sum, size) => sum + size, zip.endBytes);
}

function crcOf(content: ByteSource): number {
  let crc = 0;
  for (const piece of piecesIn(content)) crc = crc32(piece, crc);
  return crc;
}

/** The 26 bytes that stand in the local header and again in the central directory. */
function sharedHeader(name: Uint8Array, sizeBytes: number, crc: number): Uint8Array {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(zip.version, 0);
  header.writeUInt16LE(name.some(byte => byte >= 0x80) ? zip.utf8Flag : 0, 2);
  header.writeUInt16LE(zip.stored, 4);
  header.writeUInt16LE(zip.dosTime, 6);
  header.writeUInt16LE(zip.dosDate, 8);
  header.writeUInt32LE(crc, 10);
  header.writeUInt32LE(sizeBytes, 14);
  header.writeUInt32LE(sizeBytes, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function localHeader(shared: Uint8Array, name: Uint8Array): Uint8Array {
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(zip.localSignature);
  return Buffer.concat([signature, shared, name]);
}

function centralHeader(shared: Uint8Array, name: Uint8Array, localOffset: number): Uint8Array {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(zip.centralSignature, 0);
  head.writeUInt16LE(zip.version, 4);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(localOffset, 10);
  return Buffer.concat([head, shared, tail, name]);
}

function endRecord(entries: number, directoryBytes: number, directoryOffset: number): Uint8Array {
  const end = Buffer.alloc(zip.endBytes);
  end.writeUInt32LE(zip.endSignature, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(directoryOffset, 16);
  return end;
}
