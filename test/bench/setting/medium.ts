import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from './compile.ts';
import { atTheEnd } from './ending.ts';
import { startProgram } from './programs.ts';

/** Files in memory whose fsync has a fixed cost. */
export interface Medium {
  folder: string;
  /** Environment of a program whose fsyncs cost and are counted; each name has a count of its own. */
  env(name: string, fsyncMs: number): Record<string, string>;
  /** Fsyncs since the program of that name was first given its environment. */
  fsyncs(name: string): number;
  /** Raw fsyncs/s: 4 KB written and fsynced again and again for a while, nothing else. */
  limit(fsyncMs: number): Promise<number>;
}

const limitForMs = 400;

/** Makes the medium; it goes away at the end. Throws `Skipped` without a C compiler. */
export async function openMedium(): Promise<Medium> {
  const memory = await access('/dev/shm').then(
    () => '/dev/shm',
    () => tmpdir(),
  );
  const folder = mkdtempSync(join(memory, `okno-bench-${process.pid}-`));
  atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  // A database server runs as a user of its own, and its fsyncs cost and count too.
  chmodSync(folder, 0o755);
  const shim = await compile(
    new URL('fsync-cost.c', import.meta.url),
    folder,
    'fsync-cost.so',
    '-shared',
    '-fPIC',
    '-ldl',
  );
  await mkdir(join(folder, 'fsyncs'));
  const countOf = (name: string) => join(folder, 'fsyncs', name);

  function env(name: string, fsyncMs: number): Record<string, string> {
    if (!existsSync(countOf(name))) {
      writeFileSync(countOf(name), Buffer.alloc(8));
      chmodSync(countOf(name), 0o666);
    }
    return { LD_PRELOAD: shim, OKNO_FSYNC_US: String(fsyncMs * 1000), OKNO_FSYNC_COUNT: countOf(name) };
  }

  return {
    folder,
    env,
    fsyncs: name => Number(readFileSync(countOf(name)).readBigInt64LE()),
    async limit(fsyncMs) {
      const program = await startProgram<{ perSecond: number }>(
        'raw-fsyncs',
        [join(folder, 'raw'), String(limitForMs)],
        {
          env: env('raw', fsyncMs),
        },
      );
      const { perSecond } = await program.heard;
      await program.stop();
      return perSecond;
    },
  };
}
