import PDFDocument from 'pdfkit';
import type { Word } from '../recognised.ts';
import { glyphlessFont } from './glyphless-font.ts';

/** One page of a document to write. Boxes of the words are fractions of this picture. */
export interface PdfPage {
  jpeg: Uint8Array;
  /** Pixels of the picture. */
  width: number;
  height: number;
  /** Dots per inch of the picture: gives the size of the sheet. */
  dpi: number;
  words: Word[];
}

const pointsPerInch = 72;
const fontName = 'layer';

/**
 * Writes a searchable PDF/A-2b (ISO 19005-2): pictures of the pages with an invisible text layer. The same
 * input gives the same bytes, because a signature covers them and a repeated run must not make a second
 * document: dates and identifier come from `createdAt`.
 */
export async function writePdf(
  pages: PdfPage[],
  description: { title: string; createdAt: Date },
): Promise<Uint8Array> {
  const font = glyphlessFont();
  const document = new PDFDocument({
    subset: 'PDF/A-2b',
    pdfVersion: '1.7',
    autoFirstPage: false,
    lang: 'ru-RU',
    displayTitle: true,
    info: {
      Title: plainTitle(description.title),
      Producer: 'Okno',
      Creator: 'Okno',
      CreationDate: description.createdAt,
    },
  });
  const bytes = collect(document);
  document.registerFont(fontName, Buffer.from(font.bytes));
  for (const page of pages) addPage(document, page, font.has);
  document.end();
  return await bytes;
}

function addPage(document: PDFKit.PDFDocument, page: PdfPage, has: (character: string) => boolean): void {
  const width = (page.width * pointsPerInch) / page.dpi;
  const height = (page.height * pointsPerInch) / page.dpi;
  document.addPage({ size: [width, height], margin: 0 });
  document.image(Buffer.from(page.jpeg), 0, 0, { width, height });
  document.save();
  // Text rendering mode 3, «neither fill nor stroke» (ISO 32000-1, 9.3.6).
  document.addContent('3 Tr');
  document.font(fontName);
  for (const line of linesOf(page.words)) {
    // One height for a line: readers then select it as one, whatever letters a word has.
    const top = Math.min(...line.map(word => word.box.y)) * height;
    const bottom = Math.max(...line.map(word => word.box.y + word.box.height)) * height;
    document.fontSize(Math.max(1, bottom - top));
    for (const word of line) {
      const text = [...word.text].map(each => (has(each) ? each : '�')).join('');
      const naturalWidth = document.widthOfString(text);
      const wanted = word.box.width * width;
      // The space separates words for readers that go by characters; it lies right of the box.
      document.text(
        `${text} `,
        word.box.x * width,
        top,
        scaled((100 * wanted) / Math.max(naturalWidth, 0.1)),
      );
    }
  }
  document.restore();
}

/** `horizontalScaling`, in per cent, is an option of pdfkit that its types do not know. */
function scaled(horizontalScaling: number): PDFKit.Mixins.TextOptions & { horizontalScaling: number } {
  return { lineBreak: false, horizontalScaling };
}

function linesOf(words: Word[]): Word[][] {
  const lines = new Map<number, Word[]>();
  for (const word of words) {
    if (word.text.trim() === '') continue;
    const line = lines.get(word.line);
    if (line === undefined) lines.set(word.line, [word]);
    else line.push(word);
  }
  return [...lines.values()];
}

/** pdfkit copies the title into XML as it is, so the three characters that XML reserves go. */
function plainTitle(title: string): string {
  return title.replace(/[<>&]/g, ' ').replace(/\s+/g, ' ').trim();
}

async function collect(document: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of document) chunks.push(Buffer.from(chunk));
  return new Uint8Array(Buffer.concat(chunks));
}
