import { limits } from '../limits.ts';
import { type ByteSource, readExactly } from './byte-source.ts';
import { checkEntryName, nameKey } from './entry-name.ts';
import { malformed, type Oddity } from './malformed.ts';
import { readEnd } from './zip-end.ts';
import { readExtras } from './zip-extras.ts';
import { zip } from './zip-format.ts';

/** One line of the central directory. Sizes in bytes. */
export interface DirectoryLine {
  name: string;
  nameBytes: Uint8Array;
  /** What tells one producer from another, hexadecimal. */
  producer: string;
  /** Version, flags, method and time: two bytes each, five fields, equal in the local header. */
  traits: Uint8Array;
  flags: number;
  method: number;
  crc: number;
  compressedSize: number;
  size: number;
  localOffset: number;
  isFolder: boolean;
}

const knownFlags = zip.effortFlags | zip.descriptorFlag | zip.utf8Flag;
const knownVersions = new Set([10, 20]);
/** The newest version of the format; what it may use besides is refused by method and flags. */
const newestVersion = 63;
const dosHost = 0;
const unixHost = 3;
const archiveAttribute = 0x20;
const folderAttribute = 0x10;

/** Reads the central directory. @throws AppError `package.malformed` */
export function readDirectory(
  source: ByteSource,
  odd: Oddity,
): { lines: DirectoryLine[]; offset: number; comment: string } {
  if (source.sizeBytes > limits.packageBytes) throw malformed('too-large');
  const { offset, size, count, comment } = readEnd(source, odd);
  if (count > limits.packageEntries) odd('too-many-entries');
  if (count > limits.foreignEntries) throw malformed('too-many-entries');
  const directory = readExactly(source, offset, size, 'directory-misplaced');
  const lines: DirectoryLine[] = [];
  let position = 0;
  for (let i = 0; i < count; i++) {
    const header = directory.subarray(position);
    if (header.length < zip.centralHeaderBytes || header.readUInt32LE(0) !== zip.centralSignature) {
      throw malformed('directory-cut-off');
    }
    const length =
      zip.centralHeaderBytes + header.readUInt16LE(28) + header.readUInt16LE(30) + header.readUInt16LE(32);
    if (header.length < length) throw malformed('directory-cut-off');
    lines.push(readLine(header.subarray(0, length), odd));
    position += length;
  }
  if (position !== size) throw malformed('directory-misplaced');
  checkTogether(lines, odd);
  return { lines, offset, comment };
}

function readLine(header: Buffer, odd: Oddity): DirectoryLine {
  const nameEnd = zip.centralHeaderBytes + header.readUInt16LE(28);
  const extrasEnd = nameEnd + header.readUInt16LE(30);
  const nameBytes = header.subarray(zip.centralHeaderBytes, nameEnd);
  const flags = header.readUInt16LE(8);
  const method = header.readUInt16LE(10);
  const version = header.readUInt16LE(6);
  if ((flags & ~knownFlags) !== 0) throw malformed('encrypted-or-unknown-flags');
  if (!knownVersions.has(version)) odd('unknown-version');
  if ((version & 0xff) > newestVersion) throw malformed('unknown-version');
  if (method !== zip.stored && method !== zip.deflated) throw malformed('unknown-compression');
  if (method === zip.stored && (flags & zip.effortFlags) !== 0) odd('unknown-flags');
  if (header.length > extrasEnd) odd('comment');
  if (header.readUInt16LE(34) !== 0) throw malformed('several-disks');
  const extras = readExtras(header.subarray(nameEnd, extrasEnd), nameBytes, odd);
  const name = extras.unicodeName ?? decodeName(nameBytes, flags, odd);
  const isFolder = name.endsWith('/');
  if (isFolder) odd('name-leads-elsewhere');
  checkAttributes(header, isFolder, odd);
  checkEntryName(isFolder ? name.slice(0, -1) : name, odd);
  return {
    name,
    nameBytes,
    producer: producerOf(header),
    traits: header.subarray(6, 16),
    flags,
    method,
    crc: header.readUInt32LE(16),
    ...sizesOf(header, extras.zip64 ?? []),
    isFolder,
  };
}

/** APPNOTE 4.5.3: numbers that do not fit stand in the ZIP64 field, in this order. */
function sizesOf(header: Buffer, longer: number[]) {
  let used = 0;
  const numberAt = (offset: number): number => {
    const short = header.readUInt32LE(offset);
    if (short !== zip.elsewhere) return short;
    const long = longer[used++];
    if (long === undefined) throw malformed('extra-field');
    return long;
  };
  return { size: numberAt(24), compressedSize: numberAt(20), localOffset: numberAt(42) };
}

/** Program and host system; where the host has no file modes, like ours, its attributes too. */
function producerOf(header: Buffer): string {
  const isUnix = header.readUInt8(5) === unixHost;
  return header.toString('hex', 4, 6) + (isUnix ? '' : header.toString('hex', 38, 42));
}

/** Links and devices have no place in a package. */
function checkAttributes(header: Buffer, isFolder: boolean, odd: Oddity): void {
  const host = header.readUInt8(5);
  if (host !== unixHost && host !== dosHost) odd('unknown-attributes');
  if (header.readUInt16LE(36) > (host === unixHost ? 1 : 0)) odd('unknown-attributes');
  const fileType = header.readUInt16LE(40) >> 12;
  const isPlain = [0, isFolder ? 0o4 : 0o10].includes(fileType);
  if (host === unixHost && !isPlain) throw malformed('not-a-plain-file');
  const dosAttributes = isFolder ? folderAttribute : archiveAttribute;
  if (host !== unixHost && header.readUInt32LE(38) > dosAttributes) odd('not-a-plain-file');
}

/**
 * Rules about all lines at once. That one program wrote them all leaves no byte of our own directories
 * that could change alone without being noticed.
 */
function checkTogether(lines: DirectoryLine[], odd: Oddity): void {
  if (new Set(lines.map(({ name }) => nameKey(name))).size !== lines.length)
    throw malformed('duplicate-name');
  if (new Set(lines.map(({ producer }) => producer)).size > 1) odd('entries-of-several-producers');
  if (lines.some(({ isFolder, size }) => isFolder && size > 0)) throw malformed('not-a-plain-file');
  const total = lines.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.packageInflatedBytes) throw malformed('inflates-too-much');
}

/** Without the flag for UTF-8 a name is in the code page of some old machine: in Russia that of DOS. */
function decodeName(bytes: Uint8Array, flags: number, odd: Oddity): string {
  const isFlagged = (flags & zip.utf8Flag) !== 0;
  if (!isFlagged && bytes.some(byte => byte >= 0x80)) odd('name-of-unknown-encoding');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    if (isFlagged) throw malformed('name-of-unknown-encoding');
    return new TextDecoder('ibm866').decode(bytes);
  }
}
