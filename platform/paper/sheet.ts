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
  { margins: sheetMargins = margins, subset }: { margins?: typeof margins; subset?: 'PDF/A-2b' } = {},
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
    ...(subset && { subset }),
    info: { Title: title, Producer: 'Okno', Creator: 'Okno', CreationDate: createdAt, ModDate: createdAt },
  });
  for (const [name, file] of Object.entries(fonts)) sheet.registerFont(name, file);
  return sheet;
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
