import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from '../../protocol/app-error.ts';

const run = promisify(execFile);

/**
 * Runs qpdf as a child: a PDF made to break a parser breaks only that process. Throws
 * `setup.package-missing`, or `package.malformed` when qpdf cannot read the file (damaged, encrypted).
 */
export async function qpdf(args: string[]): Promise<string> {
  try {
    const limits = { timeout: 60_000, maxBuffer: 1024 * 1024 };
    return (await run('qpdf', ['--warning-exit-0', '--no-warn', ...args], limits)).stdout;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new AppError('setup.package-missing', { package: 'qpdf', command: 'apt-get install qpdf' });
    throw new AppError('package.malformed', { reason: 'not a readable PDF' }, { cause });
  }
}

/** Number of pages of a PDF file. */
export async function pageCount(file: string): Promise<number> {
  return Number(await qpdf(['--show-npages', file]));
}
