import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Turn } from '../../protocol/values.ts';
import type { PageAnswer } from './host/messages.ts';

export type ReadPage = Pick<PageAnswer, 'page' | 'blank' | 'picture'>;

/**
 * Pages that were read once, by their bytes and the clerk's turn: a pile that is sorted, a document that gets
 * another page and a box that starts again have only their PDFs to make. A cache, and no record: what is
 * missing or damaged is read again.
 */
export interface ReadPages {
  has(sha256: string, turn: Turn): boolean;
  find(sha256: string, turn: Turn): Promise<ReadPage | undefined>;
  /** Rejects when it cannot be written; what was there stays. */
  keep(sha256: string, turn: Turn, page: ReadPage): Promise<void>;
}

const digestBytes = 32;

/** In files of a folder of its own; above `mostBytes` the oldest go. */
export async function openReadPages(dir: string, mostBytes: number): Promise<ReadPages> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  /** Sizes by name, oldest first. */
  const sizes = new Map<string, number>();
  let total = 0;
  let last = 0;
  for (const { name, size } of await filesOf(dir)) add(name, size);

  function add(name: string, size: number): void {
    total += size - (sizes.get(name) ?? 0);
    sizes.delete(name);
    sizes.set(name, size);
  }

  async function drop(name: string): Promise<void> {
    total -= sizes.get(name) ?? 0;
    sizes.delete(name);
    await rm(join(dir, name), { force: true });
  }

  return {
    has: (sha256, turn) => sizes.has(nameOf(sha256, turn)),
    async find(sha256, turn) {
      const name = nameOf(sha256, turn);
      if (!sizes.has(name)) return undefined;
      const page = await readFile(join(dir, name)).then(unpack, () => undefined);
      if (!page) await drop(name);
      return page;
    },
    async keep(sha256, turn, page) {
      const name = nameOf(sha256, turn);
      const bytes = pack(page);
      const temporary = join(dir, `${name}.${++last}${partial}`);
      try {
        // Not fsynced: the digest tells a torn file, and the page itself is kept elsewhere.
        await writeFile(temporary, bytes, { mode: 0o600 });
        await rename(temporary, join(dir, name));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      add(name, bytes.length);
      for (const oldest of sizes.keys()) {
        if (total <= mostBytes) break;
        await drop(oldest);
      }
    },
  };
}

const partial = '.part';
const nameOf = (sha256: string, turn: Turn) => `${sha256}-${turn}`;

/** Oldest first; halves of files that a power cut left are taken away. */
async function filesOf(dir: string): Promise<{ name: string; size: number; mtimeMs: number }[]> {
  const files = [];
  for (const name of await readdir(dir))
    if (name.endsWith(partial)) await rm(join(dir, name), { force: true });
    else {
      const { size, mtimeMs } = await stat(join(dir, name));
      files.push({ name, size, mtimeMs });
    }
  return files.sort((one, other) => one.mtimeMs - other.mtimeMs);
}

function pack(page: ReadPage): Buffer {
  const body = serialize(page);
  return Buffer.concat([createHash('sha256').update(body).digest(), body]);
}

function unpack(bytes: Buffer): ReadPage | undefined {
  const body = bytes.subarray(digestBytes);
  const isWhole = createHash('sha256').update(body).digest().equals(bytes.subarray(0, digestBytes));
  return isWhole ? (deserialize(body) as ReadPage) : undefined;
}
