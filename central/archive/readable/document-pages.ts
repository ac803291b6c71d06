import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageCount } from '../../../platform/paper/qpdf.ts';
import { finished, newSheets } from '../../../platform/paper/sheet.ts';
import { poppler } from '../../../platform/poppler.ts';
import { AppError } from '../../../protocol/app-error.ts';
import { limits } from '../../../protocol/limits.ts';
import { XmlError } from '../../../protocol/xml/nodes.ts';
import { xmlSheets } from './xml-sheets.ts';

/** Pages that show a document, as a file of PDF/A, or why there are none. */
export type DocumentPages =
  | { kind: 'shown'; file: string; pages: number; remark: string | null }
  | { kind: 'not-shown'; remark: string };

const dotsPerInch = 150;

/** Makes pages of a document of a package: those of a PDF, and the values of an XML file. */
export async function pagesOf(
  document: { name: string; bytes: Uint8Array },
  at: Date,
  folder: string,
): Promise<DocumentPages> {
  const start = Buffer.from(document.bytes.subarray(0, 1024));
  if (start.includes('%PDF-')) return await pagesOfPdf(document.bytes, at, folder);
  if (/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*</.test(start.toString('latin1'))) {
    try {
      const { pdf, pages } = await xmlSheets(document, at);
      const file = join(folder, 'xml.pdf');
      await writeFile(file, pdf);
      return { kind: 'shown', file, pages, remark: null };
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      return { kind: 'not-shown', remark: 'Файл не удалось прочитать как XML.' };
    }
  }
  return { kind: 'not-shown', remark: 'Вид файла не показывается; откройте его из подлинника.' };
}

async function pagesOfPdf(bytes: Uint8Array, at: Date, folder: string): Promise<DocumentPages> {
  const source = join(folder, 'source.pdf');
  await writeFile(source, bytes, { mode: 0o600 });
  const { said } = await poppler(['pdfinfo', '-meta', source]);
  try {
    if (said.includes('pdfaid:part'))
      return { kind: 'shown', file: source, pages: await pageCount(source), remark: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'package.malformed') throw error;
  }
  // Pages that are no PDF/A would make the copy none: they are shown as pictures, which any reader can show for ever.
  const pictures = join(folder, 'page');
  const scale = ['-jpeg', '-r', String(dotsPerInch), '-l', String(limits.documentPages)];
  await poppler(['pdftocairo', ...scale, source, pictures]);
  const names = (await readdir(folder)).filter(name => /^page-\d+\.jpg$/.test(name)).sort();
  if (names.length === 0)
    return { kind: 'not-shown', remark: 'Файл PDF не открывается: он повреждён или защищён.' };
  const sheet = newSheets('Страницы', at, { subset: 'PDF/A-2b' });
  for (const name of names) {
    const picture = await readFile(join(folder, name));
    const { width, height } = jpegSize(picture);
    const size: [number, number] = [(width * 72) / dotsPerInch, (height * 72) / dotsPerInch];
    sheet.addPage({ size, margin: 0 });
    sheet.image(picture, 0, 0, { width: size[0], height: size[1] });
  }
  const file = join(folder, 'pictures.pdf');
  await writeFile(file, await finished(sheet));
  const isCut = names.length === limits.documentPages;
  const remark = `Страницы показаны изображениями: подлинник не в формате PDF/A${isCut ? `; первые ${names.length}` : ''}.`;
  return { kind: 'shown', file, pages: names.length, remark };
}

/** Of the frame header (ITU-T T.81, B.2.2). */
function jpegSize(jpeg: Buffer): { width: number; height: number } {
  for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker))
      return { height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) };
  }
  throw new AppError('package.malformed', { reason: 'a picture without a frame' });
}
