import { limits } from '../limits.ts';
import { checkEntryName, nameKey } from './entry-name.ts';
import { malformed } from './malformed.ts';
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
}

/** Extra fields that only repeat times and owners. Others can rename or resize an entry. */
const harmlessExtras = new Set([0x000a, 0x5455, 0x5855, 0x7855, 0x7875]);
const knownFlags = zip.effortFlags | zip.descriptorFlag | zip.utf8Flag;
const knownVersions = new Set([10, 20]);
const dosHost = 0;
const unixHost = 3;
const archiveAttribute = 0x20;

/**
 * Reads the end record and the central directory. The end record must be the very end: searching for it,
 * as most readers do, lets two readers find two different directories.
 * @throws AppError `package.malformed`
 */
export function readDirectory(bytes: Buffer): { lines: DirectoryLine[]; offset: number } {
  if (bytes.length > limits.packageBytes) throw malformed('too-large');
  const end = bytes.subarray(Math.max(0, bytes.length - zip.endBytes));
  if (end.length < zip.endBytes || end.readUInt32LE(0) !== zip.endSignature || end.readUInt16LE(20) !== 0) {
    throw malformed('no-end-record-at-the-end');
  }
  const count = end.readUInt16LE(10);
  const size = end.readUInt32LE(12);
  const offset = end.readUInt32LE(16);
  if (end.readUInt32LE(4) !== 0 || end.readUInt16LE(8) !== count) throw malformed('several-disks');
  if (count > limits.packageEntries) throw malformed('too-many-entries');
  if (offset + size !== bytes.length - zip.endBytes) throw malformed('directory-misplaced');
  const directory = bytes.subarray(offset, offset + size);
  const lines: DirectoryLine[] = [];
  let position = 0;
  for (let i = 0; i < count; i++) {
    const header = directory.subarray(position);
    if (header.length < zip.centralHeaderBytes || header.readUInt32LE(0) !== zip.centralSignature) {
      throw malformed('directory-cut-off');
    }
    const length = zip.centralHeaderBytes + header.readUInt16LE(28) + header.readUInt16LE(30);
    if (header.length < length) throw malformed('directory-cut-off');
    lines.push(readLine(header.subarray(0, length)));
    position += length;
  }
  if (position !== size) throw malformed('directory-misplaced');
  checkTogether(lines);
  return { lines, offset };
}

function readLine(header: Buffer): DirectoryLine {
  const nameEnd = zip.centralHeaderBytes + header.readUInt16LE(28);
  const nameBytes = header.subarray(zip.centralHeaderBytes, nameEnd);
  const flags = header.readUInt16LE(8);
  const line: DirectoryLine = {
    name: decodeName(nameBytes, flags),
    nameBytes,
    producer: producerOf(header),
    traits: header.subarray(6, 16),
    flags,
    method: header.readUInt16LE(10),
    crc: header.readUInt32LE(16),
    compressedSize: header.readUInt32LE(20),
    size: header.readUInt32LE(24),
    localOffset: header.readUInt32LE(42),
  };
  if ((flags & ~knownFlags) !== 0) throw malformed('encrypted-or-unknown-flags');
  if (!knownVersions.has(header.readUInt16LE(6))) throw malformed('unknown-version');
  if (line.method !== zip.stored && line.method !== zip.deflated) throw malformed('unknown-compression');
  if (line.method === zip.stored && (flags & zip.effortFlags) !== 0) throw malformed('unknown-flags');
  if (header.readUInt16LE(32) !== 0) throw malformed('comment');
  if (header.readUInt16LE(34) !== 0) throw malformed('several-disks');
  checkAttributes(header);
  checkExtras(header.subarray(nameEnd));
  checkEntryName(line.name);
  return line;
}

/** Program and host system; where the host has no file modes, like ours, its attributes too. */
function producerOf(header: Buffer): string {
  const isUnix = header.readUInt8(5) === unixHost;
  return header.toString('hex', 4, 6) + (isUnix ? '' : header.toString('hex', 38, 42));
}

/** Folders, links and devices have no place in a package. */
function checkAttributes(header: Buffer): void {
  const host = header.readUInt8(5);
  if (host !== unixHost && host !== dosHost) throw malformed('unknown-attributes');
  const textFlag = header.readUInt16LE(36);
  if (textFlag > (host === unixHost ? 1 : 0)) throw malformed('unknown-attributes');
  const isPlain = host === unixHost ? isPlainUnixFile(header) : header.readUInt32LE(38) <= archiveAttribute;
  if (!isPlain) throw malformed('not-a-plain-file');
}

function isPlainUnixFile(header: Buffer): boolean {
  const fileType = header.readUInt16LE(40) >> 12;
  const unsaid = 0;
  const regular = 0o10;
  return fileType === unsaid || fileType === regular;
}

/** Refuses extra fields that could give an entry another name or size. */
export function checkExtras(extras: Buffer): void {
  for (let position = 0; position < extras.length; ) {
    if (extras.length - position < 4) throw malformed('extra-field');
    const next = position + 4 + extras.readUInt16LE(position + 2);
    if (!harmlessExtras.has(extras.readUInt16LE(position)) || next > extras.length)
      throw malformed('extra-field');
    position = next;
  }
}

/**
 * Rules about all lines at once. That one program wrote them all leaves no byte of our own directories
 * that could change alone without being noticed.
 */
function checkTogether(lines: DirectoryLine[]): void {
  if (new Set(lines.map(({ name }) => nameKey(name))).size !== lines.length)
    throw malformed('duplicate-name');
  if (new Set(lines.map(({ producer }) => producer)).size > 1)
    throw malformed('entries-of-several-producers');
  const total = lines.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.packageInflatedBytes) throw malformed('inflates-too-much');
}

function decodeName(bytes: Uint8Array, flags: number): string {
  if ((flags & zip.utf8Flag) === 0 && bytes.some(byte => byte >= 0x80))
    throw malformed('name-of-unknown-encoding');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof TypeError) throw malformed('name-of-unknown-encoding');
    throw cause;
  }
}
