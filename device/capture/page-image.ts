import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullDisk } from '../../platform/blob-store.ts';
import { poppler } from '../../platform/poppler.ts';
import { AppError } from '../../protocol/app-error.ts';

const dotsPerInch = 110;
/** Of the processor: somebody waits before the screen, and a digital original is a stranger's file. */
const seconds = 20;

/**
 * Picture of one page of a PDF, JPEG: what the clerk sees is what the token signs. `page` counts from 0.
 * Throws `internal.not-found` for a page that is not there, `capture.damaged` for one that cannot be drawn,
 * `journal.disk-full`, `setup.package-missing` without poppler-utils.
 */
export async function pageImage(pdf: Uint8Array, page: number): Promise<Buffer> {
  // Readable by us only: pages are personal data.
  const folder = await mkdtemp(join(tmpdir(), 'okno-page-'));
  try {
    const source = join(folder, 'document.pdf');
    await writeFile(source, pdf, { mode: 0o600 }).catch((error: unknown) => {
      throw fullDisk(error);
    });
    const target = join(folder, 'page');
    const number = String(page + 1);
    const drawn = await poppler(
      [
        ...['pdftoppm', '-cropbox', '-jpeg', '-r', String(dotsPerInch)],
        ...['-f', number, '-l', number, '-singlefile', source, target],
      ],
      seconds,
    );
    if (drawn.kind === 'failed')
      throw new AppError(/page range/i.test(drawn.said) ? 'internal.not-found' : 'capture.damaged');
    return await readFile(`${target}.jpg`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
