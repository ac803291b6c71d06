import { crc32, inflateRawSync } from 'node:zlib';
import { limits } from '../limits.ts';
import { type ByteSource, readExactly } from './byte-source.ts';
import { malformed, type Oddity } from './malformed.ts';
import { type DirectoryLine, readDirectory } from './zip-directory.ts';
import { readExtras } from './zip-extras.ts';
import { zip } from './zip-format.ts';

/** A file in a container and where its data lie. Sizes in bytes. */
export interface ZipFile {
  name: string;
  size: number;
  crc: number;
  stored: boolean;
  /** Whether its local header has extra fields, which matters for the first file of an ASiC. */
  hasExtras: boolean;
  dataOffset: number;
  compressedSize: number;
}

/**
 * Finds every file of a container that has only one reading: entries lie one behind another without gaps,
 * local headers repeat the directory. Their content is not read yet.
 * @throws AppError `package.malformed`
 */
export function openZip(source: ByteSource, odd: Oddity): { files: ZipFile[]; comment: string } {
  const { lines, offset, comment } = readDirectory(source, odd);
  const files: ZipFile[] = [];
  const ordered = lines.toSorted((one, other) => one.localOffset - other.localOffset);
  if (ordered.some((line, index) => line !== lines[index])) odd('entries-out-of-order');
  let position = 0;
  for (const line of ordered) {
    if (line.localOffset !== position) throw malformed('entries-overlap-or-leave-gaps');
    const { file, end } = locate(source, line, offset, odd);
    if (!line.isFolder) files.push(file);
    position = end;
  }
  if (position !== offset) throw malformed('entries-overlap-or-leave-gaps');
  return { files, comment };
}

function locate(
  source: ByteSource,
  line: DirectoryLine,
  limit: number,
  odd: Oddity,
): { file: ZipFile; end: number } {
  const start = line.localOffset;
  const header = readExactly(source, start, zip.localHeaderBytes, 'no-local-header');
  if (header.readUInt32LE(0) !== zip.localSignature) throw malformed('no-local-header');
  const nameBytes = header.readUInt16LE(26);
  const extraBytes = header.readUInt16LE(28);
  const rest = readExactly(source, start + zip.localHeaderBytes, nameBytes + extraBytes, 'entry-cut-off');
  const dataOffset = start + zip.localHeaderBytes + rest.length;
  const dataEnd = dataOffset + line.compressedSize;
  if (dataEnd > limit) throw malformed('entry-cut-off');
  const name = rest.subarray(0, nameBytes);
  const extras = readExtras(rest.subarray(nameBytes), name, odd);
  checkLocalHeader(header, line, { name, zip64: extras.zip64 ?? [] }, odd);
  const after = source.read(dataEnd, Math.min(24, limit - dataEnd));
  const descriptorBytes = (line.flags & zip.descriptorFlag) === 0 ? 0 : descriptorSize(after, line, odd);
  const { size, crc, compressedSize } = line;
  const stored = line.method === zip.stored;
  if (stored ? size !== compressedSize : size > limits.entryInflation * Math.max(compressedSize, smallEntry))
    throw malformed(stored ? 'checksum' : 'inflates-too-much');
  const file = { name: line.name, size, crc, stored, hasExtras: extraBytes > 0, dataOffset, compressedSize };
  return { file, end: dataEnd + descriptorBytes };
}

/** An entry below this size may grow as if it had it: a page of zeros is no bomb. */
const smallEntry = 64 * 1024;

function checkLocalHeader(
  header: Buffer,
  line: DirectoryLine,
  { name, zip64 }: { name: Buffer; zip64: number[] },
  odd: Oddity,
): void {
  const own = header.subarray(4, 14);
  // Flags and method decide how the data are read; version and time only describe them.
  if (!own.subarray(2, 6).equals(line.traits.subarray(2, 6)) || !name.equals(line.nameBytes))
    throw malformed('local-header-differs');
  if (!own.equals(line.traits)) odd('local-header-differs');
  let used = 0;
  const longer = (short: number) => (short === zip.elsewhere ? (zip64[used++] ?? short) : short);
  const size = longer(header.readUInt32LE(22));
  const said = [header.readUInt32LE(14), longer(header.readUInt32LE(18)), size];
  const expected = [line.crc, line.compressedSize, line.size];
  const streamed = (line.flags & zip.descriptorFlag) !== 0;
  const unsaid = (value: number) => streamed && (value === 0 || value === zip.elsewhere);
  if (!said.every((value, index) => value === expected[index] || unsaid(value)))
    throw malformed('local-header-differs');
}

/** A file that is held whole and may only have so many bytes. @throws AppError `package.malformed {reason}` */
export function readSmall(source: ByteSource, file: ZipFile, mostBytes: number, reason: string): Uint8Array {
  if (file.size > mostBytes) throw malformed(reason);
  return readFile(source, file);
}

/** The whole content of a file. @throws AppError `package.malformed` */
export function readFile(source: ByteSource, file: ZipFile): Uint8Array {
  const data = source.read(file.dataOffset, file.compressedSize);
  const content = file.stored ? data : inflate(data, file.size);
  if (content.length !== file.size || crc32(content) !== file.crc) throw malformed('checksum');
  return content;
}

function inflate(data: Buffer, size: number): Uint8Array {
  try {
    const result: unknown = inflateRawSync(data, { maxOutputLength: Math.max(size, 1), info: true });
    if (!isInflated(result)) throw new TypeError('zlib did not tell how much it read');
    // A deflate stream may end before its entry does.
    if (result.engine.bytesWritten !== data.length) throw malformed('bytes-after-compressed-data');
    return result.buffer;
  } catch (error) {
    if (isZlibRefusal(error)) throw malformed('compressed-data');
    throw error;
  }
}

/** What zlib answers with `info: true`, which its type declarations leave out. */
function isInflated(result: unknown): result is { buffer: Uint8Array; engine: { bytesWritten: number } } {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result;
}

/** Whether zlib refused the data, and not something else went wrong. */
export function isZlibRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE');
}

/**
 * A data descriptor repeats the sizes behind the data; its own mark is optional (APPNOTE section 4.3.9), and
 * with ZIP64 its sizes have eight bytes.
 */
function descriptorSize(after: Buffer, line: DirectoryLine, odd: Oddity): number {
  const marked = after.length >= 16 && after.readUInt32LE(0) === zip.descriptorSignature;
  const start = marked ? 4 : 0;
  if (after.length < start + 12) throw malformed('entry-cut-off');
  const isRight = (sizes: number[]) =>
    after.readUInt32LE(start) === line.crc && sizes[0] === line.compressedSize && sizes[1] === line.size;
  if (isRight([after.readUInt32LE(start + 4), after.readUInt32LE(start + 8)])) return start + 12;
  const isLong = after.length >= start + 20;
  const long = isLong ? [start + 4, start + 12].map(at => Number(after.readBigUInt64LE(at))) : [];
  if (!isRight(long)) throw malformed('local-header-differs');
  odd('local-header-differs');
  return start + 20;
}
