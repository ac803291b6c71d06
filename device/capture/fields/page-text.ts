import type { Box, RecognisedPage, Word } from '../recognised.ts';

/** A page's words as one text, with the way back from a place in the text to the words. */
export interface PageText {
  /** Words of a line joined by spaces, lines by line feeds. */
  text: string;
  /** Words that touch the part of the text from `start` to `end`. */
  wordsAt(start: number, end: number): Word[];
}

export function pageText(page: Pick<RecognisedPage, 'words'>): PageText {
  const spans: { start: number; end: number; word: Word }[] = [];
  let text = '';
  let line: number | undefined;
  for (const word of page.words) {
    if (text !== '') text += word.line === line ? ' ' : '\n';
    line = word.line;
    spans.push({ start: text.length, end: text.length + word.text.length, word });
    text += word.text;
  }
  return {
    text,
    wordsAt: (start, end) =>
      spans.filter(span => span.start < end && span.end > start).map(span => span.word),
  };
}

/** The smallest rectangle around the words; undefined for none. */
export function boxAround(words: Word[]): Box | undefined {
  if (words.length === 0) return undefined;
  const x = Math.min(...words.map(word => word.box.x));
  const y = Math.min(...words.map(word => word.box.y));
  const right = Math.max(...words.map(word => word.box.x + word.box.width));
  const bottom = Math.max(...words.map(word => word.box.y + word.box.height));
  return { x, y, width: right - x, height: bottom - y };
}
