import { execFile } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeAll } from '../../../platform/blob-store.ts';
import { AppError } from '../../../protocol/app-error.ts';
import { limits } from '../../../protocol/limits.ts';
import { type ByteSource, piecesIn } from '../../../protocol/package/byte-source.ts';
import { jobFiles, type ReadableDone, type ReadableJob } from './readable-job.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./host/readable-host.ts', import.meta.url));
const timeoutMs = 5 * 60_000;
/** Of the child and each of its own: processor time in seconds, size of a file in blocks of 512 bytes. */
const childLimits = `ulimit -t 240; ulimit -f ${limits.packageBytes / 512}`;
/** Outside of it lie the bytes of the container. */
const heapMegabytes = 512;

/** Makes a readable copy in a child of its own. Throws `archive.copy-failed`. */
export async function runReadable(
  container: ByteSource,
  job: ReadableJob,
): Promise<ReadableDone & { pdf: Buffer }> {
  // Readable by us only: documents are personal data.
  const folder = await mkdtemp(join(tmpdir(), 'okno-readable-'));
  const file = (name: keyof typeof jobFiles) => join(folder, jobFiles[name]);
  try {
    const handle = await open(file('container'), 'wx', 0o600);
    try {
      for (const piece of piecesIn(container)) await writeAll(handle, piece);
    } finally {
      await handle.close();
    }
    await writeFile(file('job'), JSON.stringify(job), { mode: 0o600 });
    const node = [process.execPath, `--max-old-space-size=${heapMegabytes}`, program, folder];
    await run('sh', ['-c', `${childLimits}; exec nice -n 10 "$@"`, 'sh', ...node], {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      env: { PATH: process.env.PATH, TZ: 'UTC' },
    });
    const done = JSON.parse(await readFile(file('done'), 'utf8')) as ReadableDone;
    return { ...done, pdf: await readFile(file('copy')) };
  } catch (cause) {
    const { code, signal } = cause as { code?: unknown; signal?: unknown };
    throw new AppError('archive.copy-failed', { reason: String(signal ?? code ?? 'error') }, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
