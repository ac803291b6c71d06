import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { makeFolder, syncFolder, writeFileAtomically } from '../../platform/atomic-file.ts';
import { fullDisk } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { SamplePage, SampleSource } from '../../protocol/trainer.ts';
import { Instant, Key } from '../../protocol/values.ts';

const Sample = Type.Object({
  kind: Key,
  source: SampleSource,
  addedAt: Instant,
  page: SamplePage,
});
/** A masked page with its right kind. */
export type Sample = Static<typeof Sample>;

/** Pages that the rules are tried on; a file each, without pictures. */
export interface Samples {
  /** Ids, oldest first by name; in no meaningful order. */
  ids(): Promise<string[]>;
  /** Undefined when it is not there or damaged, which the log then tells. */
  find(id: string): Promise<Sample | undefined>;
  /** The same page again takes the place of the one before. Throws `capture.too-many-samples`, `journal.disk-full`. */
  add(sample: Sample): Promise<string>;
  /** A repeat is harmless. */
  remove(id: string): Promise<void>;
}

/** At 30 kB each. */
export const mostSamples = 500;

const shape = Compile(Sample);
const named = /^([0-9a-f]{64})\.json$/;

export function openSamples(folder: string, log: Log): Samples {
  makeFolder(folder, 0o700);
  const pathOf = (id: string) => join(folder, `${id}.json`);
  const ids = async () => (await readdir(folder)).flatMap(name => named.exec(name)?.[1] ?? []).toSorted();
  return {
    ids,
    async find(id) {
      try {
        const value: unknown = JSON.parse(await readFile(pathOf(id), 'utf8'));
        if (shape.Check(value)) return value;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        if (!(error instanceof SyntaxError)) throw error;
      }
      log.warn({ sample: id }, 'a sample of a kind of papers is damaged and left out');
      return undefined;
    },
    async add(sample) {
      const id = createHash('sha256').update(canonicalJson(sample.page)).digest('hex');
      const there = await ids();
      if (there.length >= mostSamples && !there.includes(id))
        throw new AppError('capture.too-many-samples', { most: mostSamples });
      await writeFileAtomically(pathOf(id), JSON.stringify(sample)).catch((error: unknown) => {
        throw fullDisk(error);
      });
      return id;
    },
    async remove(id) {
      await rm(pathOf(id), { force: true });
      await syncFolder(folder);
    },
  };
}
