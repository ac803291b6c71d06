import { copyFile, readFile } from 'node:fs/promises';
import type { Adapter } from 'lowdb';
import { writeFileAtomically } from '../../platform/atomic-file.ts';

/**
 * lowdb's own file adapter neither fsyncs nor keeps the generation before, and takes a file that a power
 * cut emptied for a missing one (F02: absent is not empty). This one replaces atomically, keeps the last
 * good file as `.previous` and falls back to it.
 */
export function configFile<T>(path: string, isValid: (value: unknown) => value is T): Adapter<T | null> {
  async function readOne(file: string): Promise<T | undefined> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(text);
      return isValid(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
  return {
    async read() {
      return (await readOne(path)) ?? (await readOne(`${path}.previous`)) ?? null;
    },
    async write(value) {
      if (await readOne(path)) await copyFile(path, `${path}.previous`);
      await writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
    },
  };
}
