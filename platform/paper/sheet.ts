import PDFDocument from 'pdfkit';
import { documentFonts } from './document-fonts.ts';

export type Sheet = PDFKit.PDFDocument;

export const millimetre = 72 / 25.4;
/** GOST R 7.0.97-2016 clause 3.3: at least 20 mm left, 10 right, 20 above and below. */
export const margins = {
  left: 25 * millimetre,
  right: 15 * millimetre,
  top: 18 * millimetre,
  bottom: 20 * millimetre,
};
export const ink = '#111318';
export const quiet = '#565b66';

/** An A4 document with the house's fonts under the names of `DocumentFonts`; the same input gives the same bytes. */
export function newSheets(
  title: string,
  createdAt: Date,
  {
    margins: sheetMargins = margins,
    subset,
    isNumbered = false,
  }: { margins?: typeof margins; subset?: 'PDF/A-2b'; isNumbered?: boolean } = {},
): Sheet {
  const fonts = documentFonts();
  const sheet = new PDFDocument({
    size: 'A4',
    margins: sheetMargins,
    pdfVersion: '1.7',
    lang: 'ru-RU',
    displayTitle: true,
    font: fonts.text,
    autoFirstPage: false,
    bufferPages: isNumbered,
    ...(subset && { subset }),
    info: { Title: title, Producer: 'Okno', Creator: 'Okno', CreationDate: createdAt, ModDate: createdAt },
  });
  for (const [name, file] of Object.entries(fonts)) sheet.registerFont(name, file);
  return sheet;
}

/** Writes below each sheet of an `isNumbered` document, once all of them are there; `n` counts from 1. */
export function addFooters(sheet: Sheet, footer: (n: number) => string): void {
  const { count } = sheet.bufferedPageRange();
  for (let n = 1; n <= count; n++) {
    sheet.switchToPage(n - 1);
    // Below the margin nothing begins a new sheet.
    sheet.page.margins.bottom = 0;
    sheet.font('small').fontSize(9).fillColor(quiet);
    sheet.text(footer(n), margins.left, sheet.page.height - margins.bottom + 14, {
      width: sheet.page.width - margins.left - margins.right,
      align: 'right',
    });
  }
}

/** Ends the document and gives its bytes. */
export async function finished(sheet: Sheet): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  sheet.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    sheet.once('end', resolve);
    sheet.once('error', reject);
  });
  sheet.end();
  await ended;
  return Buffer.concat(chunks);
}
