import type { Page } from 'tesseract.js';
import type { RecognisedPage, Word } from '../recognised.ts';

/** Flattens the engine's tree into words in reading order. Lines are kept; a block ends with an empty line. */
export function pageOf(page: Page, width: number, height: number): RecognisedPage {
  const words: Word[] = [];
  const blocks: string[] = [];
  let lineNumber = 0;
  for (const block of page.blocks ?? []) {
    const lines: string[] = [];
    for (const line of block.paragraphs.flatMap(each => each.lines)) {
      const found = line.words.filter(word => word.text.trim() !== '');
      if (found.length === 0) continue;
      for (const word of found) {
        const { x0, y0, x1, y1 } = word.bbox;
        const box = {
          x: fraction(x0, width),
          y: fraction(y0, height),
          width: fraction(x1 - x0, width),
          height: fraction(y1 - y0, height),
        };
        words.push({ text: word.text.normalize('NFC'), confidence: word.confidence, line: lineNumber, box });
      }
      lines.push(found.map(word => word.text.normalize('NFC')).join(' '));
      lineNumber++;
    }
    if (lines.length > 0) blocks.push(lines.join('\n'));
  }
  return { text: blocks.join('\n\n'), width, height, words };
}

function fraction(pixels: number, of: number): number {
  return Math.min(1, Math.max(0, pixels / of));
}
