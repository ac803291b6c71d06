import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullDisk } from '../../platform/blob-store.ts';
import { poppler } from '../../platform/poppler.ts';
import { limits } from '../../protocol/limits.ts';
import { type RefusedFile, refused, type TakenFile, type TakePage, takePages } from './take-pages.ts';

const dotsPerInch = 200;
const pointsPerInch = 72;
/** Processor time that drawing may take: a file of one page must not hold up the others as long as one of 200. */
const seconds = (pages: number) => 20 + pages;

/**
 * What becomes of a PDF whose pages do not say all: a picture of a signed document would be an unsigned one,
 * that of a form or of a cover leaves out what it carries. `draw`: the pictures are only to look at.
 */
export type MoreThanPages = 'refuse' | 'draw';

/**
 * Pictures of the pages of a PDF as a reader shows them, 200 dots per inch, drawn by poppler in a child of
 * little memory and time. What acts by itself or asks for a password is refused.
 * @throws AppError `journal.disk-full`, `setup.package-missing`
 */
export async function pagesOfPdf(
  bytes: Uint8Array,
  moreThanPages: MoreThanPages,
  take: TakePage,
): Promise<TakenFile> {
  // Readable by us only: pages are personal data.
  const folder = await mkdtemp(join(tmpdir(), 'okno-pdf-'));
  try {
    const source = join(folder, 'document.pdf');
    await writeFile(source, bytes, { mode: 0o600 }).catch((error: unknown) => {
      throw fullDisk(error);
    });
    const judged = await judge(source, bytes, moreThanPages);
    if (judged.kind === 'refused') return judged;
    const drawn = await poppler(
      [
        ...['pdftoppm', '-cropbox', '-jpeg', '-jpegopt', 'quality=90', '-r', String(dotsPerInch)],
        ...[source, join(folder, 'page')],
      ],
      seconds(judged.pages),
    );
    const names = (await readdir(folder)).filter(name => name.endsWith('.jpg')).toSorted();
    // A page that poppler cannot find is left out, and that is no failure to it.
    if (drawn.kind === 'failed' || names.length !== judged.pages) return refused('capture.damaged');
    return await takePages(
      names.map(name => () => readFile(join(folder, name))),
      take,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function judge(
  source: string,
  bytes: Uint8Array,
  moreThanPages: MoreThanPages,
): Promise<RefusedFile | { kind: 'good'; pages: number }> {
  const info = await poppler(['pdfinfo', '-l', String(limits.documentPages), source], seconds(0));
  if (info.kind === 'failed')
    return refused(/password/i.test(info.said) ? 'capture.pdf-password' : 'capture.damaged');
  const pages = Number(/^Pages:\s+(\d+)/m.exec(info.said)?.[1] ?? 0);
  if (pages === 0) return refused('capture.damaged');
  if (pages > limits.documentPages)
    return refused('capture.too-many-pages', { pages, most: limits.documentPages });
  const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // poppler runs no programs and overlooks the one that starts on opening.
  if (/^JavaScript:\s+yes/m.test(info.said) || plain.includes('/JavaScript'))
    return refused('capture.pdf-active');
  if (moreThanPages === 'refuse') {
    if (plain.includes('/ByteRange')) return refused('capture.pdf-signed');
    if (/^Form:\s+XFA/m.test(info.said)) return refused('capture.pdf-form');
    const inside = await poppler(['pdfdetach', '-list', source], seconds(0));
    const files = Number(/^(\d+) embedded files/m.exec(inside.said)?.[1] ?? 0);
    if (files > 0) return refused('capture.pdf-attachments', { files });
  }
  // Sizes may be written as 1e+11.
  for (const [, width, height] of info.said.matchAll(/^Page\s+\d* ?size:\s+(\S+) x (\S+) pts/gm)) {
    const pixels = (Number(width) * Number(height) * dotsPerInch ** 2) / pointsPerInch ** 2;
    if (!(pixels <= limits.pagePixels)) return refused('capture.too-many-pixels');
  }
  return { kind: 'good', pages };
}
