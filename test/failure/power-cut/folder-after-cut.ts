import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DiskRecord } from './recorded-disk.ts';

/** What a power cut does with what was not flushed: all of it gone, or any part of it there. */
export type Cut = 'lost' | 'torn';

type Edit = { at: number; bytes: Buffer } | { size: number };

/** A disk writes a sector whole or not at all. */
const sectorBytes = 512;
const folder = 'folder';
const parentOf = (path: string) => dirname(path).replace(/^\/$/, '');

/**
 * Makes the folder `to` as a power cut before record `cutAt` may have left it; `before` is the folder as it
 * was when the program started. A file has what was flushed of it, a name stands when its folder was flushed;
 * the rest is lost, or torn: any sector may be there, and names up to a random one, since file systems write
 * names in order. This is stricter than ext4, where a flushed file brings its name along.
 */
export function folderAfterCut(wish: {
  records: readonly DiskRecord[];
  cutAt: number;
  cut: Cut;
  before: string;
  to: string;
  random: () => number;
}): void {
  const { cut, random } = wish;
  const records = wish.records.slice(0, wish.cutAt);
  /** Of each inode, how many records its last flush covers. */
  const flushed = new Map<string, number>();
  /** Inodes of folders, by path. */
  const folders = new Map<string, string>();
  for (const record of records) {
    if (record.what === 'flushed') flushed.set(record.inode, record.records);
    if (record.what === 'opened') folders.set(record.path, record.inode);
  }
  const files = new Map<string, Edit[]>();
  /** Names on the disk, and names as the program saw them; both lead to inodes. */
  const names = new Map<string, string>([['', folder]]);
  readBefore(wish.before, '', names, files);
  const seen = new Map(names);
  const luckyNames = cut === 'lost' ? 0 : Math.floor(random() * (records.length + 1));
  /** Inodes of files from before, by the number that they have in the records. */
  const known = new Map<string, string>();

  function rename(index: number, path: string, edit: (names: Map<string, string>) => void): void {
    edit(seen);
    const isFlushed = (flushed.get(folders.get(parentOf(path)) ?? '') ?? 0) > index;
    if (isFlushed || index < luckyNames) edit(names);
  }

  function change(index: number, inode: string, edits: readonly Edit[]): void {
    const isFlushed = (flushed.get(inode) ?? 0) > index;
    const there = edits.filter(() => isFlushed || (cut === 'torn' && random() < 0.5));
    const file = known.get(inode) ?? inode;
    const earlier = files.get(file);
    if (earlier) for (const edit of there) earlier.push(edit);
    else files.set(file, there);
  }

  for (const [index, record] of records.entries())
    switch (record.what) {
      case 'opened': {
        const { path, inode } = record;
        const earlier = seen.get(path);
        if (record.existed && earlier !== undefined) known.set(inode, earlier);
        else rename(index, path, map => map.set(path, inode));
        break;
      }
      case 'made-folder':
        rename(index, record.path, map => map.set(record.path, folder));
        break;
      case 'unlinked':
        rename(index, record.path, map => map.delete(record.path));
        break;
      case 'renamed': {
        const { from, to } = record;
        const inode = seen.get(from);
        if (inode === undefined) throw new Error(`renamed without having been seen: ${from}`);
        rename(index, to, map => {
          map.delete(from);
          map.set(to, inode);
        });
        break;
      }
      case 'written':
        change(index, record.inode, sectorsOf(record));
        break;
      case 'truncated':
        change(index, record.inode, [{ size: record.size }]);
    }
  writeOut(wish.to, names, files);
}

function readBefore(top: string, path: string, names: Map<string, string>, files: Map<string, Edit[]>): void {
  for (const entry of readdirSync(top + path, { withFileTypes: true })) {
    const name = `${path}/${entry.name}`;
    if (entry.name.endsWith('-shm')) continue;
    names.set(name, entry.isDirectory() ? folder : `before ${name}`);
    if (entry.isDirectory()) readBefore(top, name, names, files);
    else files.set(`before ${name}`, [{ at: 0, bytes: readFileSync(top + name) }]);
  }
}

function sectorsOf({ at, bytes }: { at: number; bytes: Buffer }): Edit[] {
  const sectors: Edit[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + sectorBytes - ((at + from) % sectorBytes));
    sectors.push({ at: at + from, bytes: bytes.subarray(from, to) });
    from = to;
  }
  return sectors;
}

function contentOf(edits: readonly Edit[]): Buffer {
  const endOf = (edit: Edit) => ('size' in edit ? edit.size : edit.at + edit.bytes.length);
  const file = Buffer.alloc(edits.reduce((most, edit) => Math.max(most, endOf(edit)), 0));
  let size = 0;
  for (const edit of edits)
    if ('size' in edit) {
      file.fill(0, edit.size);
      size = edit.size;
    } else {
      edit.bytes.copy(file, edit.at);
      size = Math.max(size, edit.at + edit.bytes.length);
    }
  return file.subarray(0, size);
}

/** A name in a folder that is not there is not there either. */
function writeOut(to: string, names: ReadonlyMap<string, string>, files: ReadonlyMap<string, Edit[]>): void {
  mkdirSync(to, { recursive: true });
  const made = new Set(['']);
  for (const [path, inode] of [...names].sort(([a], [b]) => a.length - b.length)) {
    if (path === '' || !made.has(parentOf(path))) continue;
    if (inode === folder) {
      made.add(path);
      mkdirSync(to + path, { recursive: true });
    } else writeFileSync(to + path, contentOf(files.get(inode) ?? []));
  }
}
