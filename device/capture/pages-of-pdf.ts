import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poppler } from '../../platform/poppler.ts';
import type { ErrorDetails } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

const dotsPerInch = 200;
const pointsPerInch = 72;

export type PdfSplit =
  | { kind: 'files'; files: Uint8Array[] }
  | { kind: 'refused'; code: ErrorCode; details: ErrorDetails };

/**
 * Pictures of the pages of a PDF, 200 dots per inch, drawn by poppler in a child of little memory and
 * time. What acts by itself, asks for a password or carries a signature is refused: a picture of a signed
 * document would be an unsigned one.
 */
export async function pagesOfPdf(bytes: Uint8Array): Promise<PdfSplit> {
  // Readable by us only: pages are personal data.
  const folder = await mkdtemp(join(tmpdir(), 'okno-pdf-'));
  try {
    const source = join(folder, 'document.pdf');
    await writeFile(source, bytes, { mode: 0o600 });
    const refusal = await whyNot(source, bytes);
    if (refusal !== undefined) return refusal;
    const drawn = await poppler([
      ...['pdftoppm', '-jpeg', '-jpegopt', 'quality=90', '-r', String(dotsPerInch)],
      ...[source, join(folder, 'page')],
    ]);
    if (drawn.kind === 'failed') return refused('capture.damaged');
    const names = (await readdir(folder)).filter(name => name.endsWith('.jpg')).toSorted();
    return { kind: 'files', files: await Promise.all(names.map(name => readFile(join(folder, name)))) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function whyNot(source: string, bytes: Uint8Array): Promise<PdfSplit | undefined> {
  const info = await poppler(['pdfinfo', '-l', String(limits.documentPages), source]);
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
  if (plain.includes('/ByteRange')) return refused('capture.pdf-signed');
  for (const [, width, height] of info.said.matchAll(/^Page\s+\d* ?size:\s+([\d.]+) x ([\d.]+) pts/gm))
    if ((Number(width) * Number(height) * dotsPerInch ** 2) / pointsPerInch ** 2 > limits.pagePixels)
      return refused('capture.too-many-pixels');
  return undefined;
}

function refused(code: ErrorCode, details: ErrorDetails = {}): PdfSplit {
  return { kind: 'refused', code, details };
}
