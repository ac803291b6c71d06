import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from '../protocol/app-error.ts';
import { limits } from '../protocol/limits.ts';

const run = promisify(execFile);
const timeoutMs = 180_000;
/** For the child alone: address space, processor time, size of one file it writes (in blocks of 512 bytes). */
const withinLimits = (seconds: number) =>
  `ulimit -v ${2 * 1024 * 1024}; ulimit -t ${seconds}; ulimit -f ${limits.pageBytes / 512}; exec nice -n 10 "$@"`;

/**
 * Runs a program of poppler-utils in a child of little memory and time, since the file is a stranger's,
 * behind the queue. `said` is its output, or what it complained of. `seconds` are of the processor.
 * Throws `setup.package-missing` only.
 */
export async function poppler(
  [program = '', ...args]: string[],
  seconds = 120,
): Promise<{
  kind: 'done' | 'failed';
  said: string;
}> {
  try {
    const { stdout } = await run('sh', ['-c', withinLimits(seconds), 'sh', program, ...args], {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: limits.pageBytes,
    });
    return { kind: 'done', said: stdout };
  } catch (cause) {
    const { code, stderr } = cause as { code?: unknown; stderr?: string };
    if (code === 127)
      throw new AppError(
        'setup.package-missing',
        { package: 'poppler-utils', command: 'apt-get install poppler-utils' },
        { cause },
      );
    return { kind: 'failed', said: stderr ?? '' };
  }
}
