import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../protocol/app-error.ts';

const run = promisify(execFile);
const dotsPerInch = 110;
const timeoutMs = 20_000;

/**
 * Picture of one page of a PDF, JPEG: what the clerk sees is what the token signs. `page` counts from 0.
 * Throws `internal.not-found` for a page that is not there, `setup.package-missing` without poppler-utils.
 */
export async function pageImage(pdf: Uint8Array, page: number): Promise<Buffer> {
  // Readable by us only: pages are personal data.
  const folder = await mkdtemp(join(tmpdir(), 'okno-page-'));
  try {
    const source = join(folder, 'document.pdf');
    await writeFile(source, pdf, { mode: 0o600 });
    const target = join(folder, 'page');
    const number = String(page + 1);
    await run(
      'pdftoppm',
      ['-jpeg', '-r', String(dotsPerInch), '-f', number, '-l', number, '-singlefile', source, target],
      { timeout: timeoutMs },
    );
    return await readFile(`${target}.jpg`);
  } catch (cause) {
    const { code, path } = cause as { code?: string; path?: string };
    if (code === 'ENOENT' && path === 'pdftoppm')
      throw new AppError(
        'setup.package-missing',
        { package: 'poppler-utils', command: 'apt-get install poppler-utils' },
        { cause },
      );
    if (code === 'ENOENT' || (cause as { code?: unknown }).code === 99)
      throw new AppError('internal.not-found', {}, { cause });
    throw cause;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
