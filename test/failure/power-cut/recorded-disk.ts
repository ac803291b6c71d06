import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What a program did to its folder and said, in order (recorded-disk.c). Paths begin at the folder, which
 * is the empty path. A file system gives numbers of inodes again; here each file has a name of its own.
 */
export type DiskRecord =
  | { what: 'opened'; inode: string; existed: boolean; path: string }
  | { what: 'written'; inode: string; at: number; bytes: Buffer }
  | { what: 'truncated'; inode: string; size: number }
  /** Everything of this inode among the first so many records is on the disk. */
  | { what: 'flushed'; inode: string; records: number }
  | { what: 'renamed'; from: string; to: string }
  | { what: 'unlinked'; path: string }
  | { what: 'made-folder'; path: string }
  | { what: 'said'; text: string };

const kinds = ['', 'opened', 'written', 'truncated', 'flushed', 'renamed', 'unlinked', 'made-folder', 'said'];
const headBytes = 24;

/** Compiles the recorder into a folder; answers with what has to be preloaded. */
export function compileRecorder(folder: string): string {
  const library = join(folder, 'recorded-disk.so');
  const source = fileURLToPath(new URL('recorded-disk.c', import.meta.url));
  execFileSync('cc', ['-O1', '-Wall', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread']);
  return library;
}

/** Reads a log; a last record that a kill cut off is left out. */
export function readRecords(path: string): DiskRecord[] {
  const log = readFileSync(path);
  const records: DiskRecord[] = [];
  const lives = new Map<bigint, number>();
  for (let at = 0; at + headBytes <= log.length; ) {
    const end = at + headBytes + log.readUInt32LE(at + 4);
    if (end > log.length) break;
    const what = kinds[log.readUInt32LE(at)];
    const [number, count] = [log.readBigUInt64LE(at + 8), Number(log.readBigUInt64LE(at + 16))];
    if (what === 'opened' && count === 0) lives.set(number, records.length);
    const inode = `${number}-${lives.get(number) ?? ''}`;
    records.push(recordOf(what, inode, count, log.subarray(at + headBytes, end)));
    at = end;
  }
  return records;
}

function recordOf(what: string | undefined, inode: string, count: number, bytes: Buffer): DiskRecord {
  switch (what) {
    case 'opened':
      return { what, inode, existed: count === 1, path: bytes.toString() };
    case 'written':
      return { what, inode, at: count, bytes };
    case 'truncated':
      return { what, inode, size: count };
    case 'flushed':
      return { what, inode, records: count };
    case 'renamed': {
      const [from = '', to = ''] = bytes.toString().split('\0');
      return { what, from, to };
    }
    case 'unlinked':
    case 'made-folder':
      return { what, path: bytes.toString() };
    case 'said':
      return { what, text: bytes.toString() };
    default:
      throw new Error(`a record of an unknown kind: ${what}`);
  }
}

/** What was said before the cut, line by line. */
export function saidBefore(records: readonly DiskRecord[], cutAt: number): string[] {
  const texts = records.slice(0, cutAt).map(record => (record.what === 'said' ? record.text : ''));
  return texts.join('').split('\n').filter(Boolean);
}
