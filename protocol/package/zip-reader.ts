import { crc32, inflateRawSync } from 'node:zlib';
import { limits } from '../limits.ts';
import { malformed } from './malformed.ts';
import { checkExtras, type DirectoryLine, readDirectory } from './zip-directory.ts';
import { zip } from './zip-format.ts';

/** An entry with the bytes it holds. `method` and `hasExtras` matter for the first entry of an ASiC. */
export interface ReadEntry {
  name: string;
  bytes: Uint8Array;
  stored: boolean;
  hasExtras: boolean;
}

/**
 * Reads a ZIP file that has only one reading: entries lie one behind another without gaps, local headers
 * repeat the directory, checksums agree. Stored entries are views of `bytes`, not copies.
 * @throws AppError `package.malformed`
 */
export function readZip(bytes: Uint8Array): ReadEntry[] {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { lines, offset } = readDirectory(whole);
  const entries: ReadEntry[] = [];
  let position = 0;
  for (const line of lines) {
    if (line.localOffset !== position) throw malformed('entries-overlap-or-leave-gaps');
    const { entry, end } = readEntry(whole.subarray(0, offset), line);
    entries.push(entry);
    position = end;
  }
  if (position !== offset) throw malformed('entries-overlap-or-leave-gaps');
  return entries;
}

function readEntry(files: Buffer, line: DirectoryLine): { entry: ReadEntry; end: number } {
  const header = files.subarray(line.localOffset);
  if (header.length < zip.localHeaderBytes || header.readUInt32LE(0) !== zip.localSignature) {
    throw malformed('no-local-header');
  }
  const nameEnd = zip.localHeaderBytes + header.readUInt16LE(26);
  const dataStart = nameEnd + header.readUInt16LE(28);
  const dataEnd = dataStart + line.compressedSize;
  if (dataEnd > header.length) throw malformed('entry-cut-off');
  checkLocalHeader(header, line, header.subarray(zip.localHeaderBytes, nameEnd));
  const extras = header.subarray(nameEnd, dataStart);
  checkExtras(extras);
  const content = contentOf(header.subarray(dataStart, dataEnd), line);
  if (content.length !== line.size || crc32(content) !== line.crc) throw malformed('checksum');
  const descriptorBytes =
    (line.flags & zip.descriptorFlag) === 0 ? 0 : descriptorSize(header.subarray(dataEnd), line);
  return {
    entry: {
      name: line.name,
      bytes: content,
      stored: line.method === zip.stored,
      hasExtras: extras.length > 0,
    },
    end: line.localOffset + dataEnd + descriptorBytes,
  };
}

function checkLocalHeader(header: Buffer, line: DirectoryLine, nameBytes: Buffer): void {
  const sameTraits = header.subarray(4, 14).equals(line.traits) && nameBytes.equals(line.nameBytes);
  const sizes = [header.readUInt32LE(14), header.readUInt32LE(18), header.readUInt32LE(22)];
  const expected = [line.crc, line.compressedSize, line.size];
  const streamed = (line.flags & zip.descriptorFlag) !== 0;
  const sameSizes = sizes.every((size, index) => size === expected[index] || (streamed && size === 0));
  if (!sameTraits || !sameSizes) throw malformed('local-header-differs');
}

function contentOf(data: Buffer, line: DirectoryLine): Uint8Array {
  if (line.method === zip.stored) return data;
  if (line.size > limits.entryInflation * Math.max(data.length, 1024)) throw malformed('inflates-too-much');
  try {
    const result: unknown = inflateRawSync(data, { maxOutputLength: Math.max(line.size, 1), info: true });
    if (!isInflated(result)) throw new TypeError('zlib did not tell how much it read');
    // A deflate stream may end before its entry does.
    if (result.engine.bytesWritten !== data.length) throw malformed('bytes-after-compressed-data');
    return result.buffer;
  } catch (error) {
    if (error instanceof Error && 'code' in error && isZlibRefusal(error.code))
      throw malformed('compressed-data');
    throw error;
  }
}

/** What zlib answers with `info: true`, which its type declarations leave out. */
function isInflated(result: unknown): result is { buffer: Uint8Array; engine: { bytesWritten: number } } {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result;
}

function isZlibRefusal(code: unknown): boolean {
  return typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE');
}

/** A data descriptor repeats the sizes behind the data; its own mark is optional (APPNOTE section 4.3.9). */
function descriptorSize(after: Buffer, line: DirectoryLine): number {
  const marked = after.length >= 16 && after.readUInt32LE(0) === zip.descriptorSignature;
  const start = marked ? 4 : 0;
  if (after.length < start + 12) throw malformed('entry-cut-off');
  const said = [after.readUInt32LE(start), after.readUInt32LE(start + 4), after.readUInt32LE(start + 8)];
  const expected = [line.crc, line.compressedSize, line.size];
  if (said.some((value, index) => value !== expected[index])) throw malformed('local-header-differs');
  return start + 12;
}
