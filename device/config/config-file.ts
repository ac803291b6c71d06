import { readFile } from 'node:fs/promises';
import type { Adapter } from 'lowdb';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { AppError } from '../../protocol/app-error.ts';

type Found<T> =
  | { kind: 'absent' }
  | { kind: 'damaged'; text: string }
  | { kind: 'good'; value: T; text: string };

/**
 * lowdb's own file adapter neither fsyncs nor keeps the generation before, and takes a file that a power
 * cut emptied for a missing one (F02: absent is not empty). This one replaces atomically, keeps the last
 * good file as `.previous` and falls back to it with a warning; a damaged one is kept as `.damaged`.
 * Reading throws `setup.bad-configuration` when something is there and none of it is good.
 */
export function configFile<T>(path: string, isValid: (value: unknown) => value is T): Adapter<T | null> {
  async function readOne(file: string): Promise<Found<T>> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return { kind: 'absent' };
    try {
      const value: unknown = JSON.parse(text);
      return isValid(value) ? { kind: 'good', value, text } : { kind: 'damaged', text };
    } catch {
      return { kind: 'damaged', text };
    }
  }
  return {
    async read() {
      const [newest, previous] = [await readOne(path), await readOne(`${path}.previous`)];
      if (newest.kind === 'good') return newest.value;
      if (newest.kind === 'absent' && previous.kind === 'absent') return null;
      if (previous.kind !== 'good') throw new AppError('setup.bad-configuration', { what: path });
      process.emitWarning(`${path} is ${newest.kind}; the generation before it is used`);
      return previous.value;
    },
    async write(value) {
      const newest = await readOne(path);
      if (newest.kind === 'good') await writeFileAtomically(`${path}.previous`, newest.text);
      if (newest.kind === 'damaged') await writeFileAtomically(`${path}.damaged`, newest.text);
      await writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
    },
  };
}
