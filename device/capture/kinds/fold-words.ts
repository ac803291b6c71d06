import { foldText } from '../../../protocol/kind-phrases.ts';
import type { Word } from '../recognised.ts';

/** The folded text of words, as `foldText` makes it of their page, with the way back to the words. */
export interface FoldedWords {
  text: string;
  /** Indexes of the words that touch the text from `start` to `end`. */
  wordsAt(start: number, end: number): number[];
}

/** A word divided at the end of a line is one again. */
const divided = /[\p{L}\d]-$/u;
const begins = /^[\p{L}\d]/u;

export function foldWords(words: readonly Pick<Word, 'text' | 'line'>[]): FoldedWords {
  const spans: { start: number; end: number }[] = [];
  let text = '';
  let before: Pick<Word, 'text' | 'line'> | undefined;
  for (const word of words) {
    const goesOn =
      before !== undefined &&
      before.line !== word.line &&
      divided.test(before.text) &&
      begins.test(word.text);
    const folded = foldText(word.text);
    if (folded !== '' && text !== '' && !goesOn) text += ' ';
    spans.push({ start: text.length, end: text.length + folded.length });
    text += folded;
    before = word;
  }
  return {
    text,
    wordsAt: (from, to) => spans.flatMap(({ start, end }, at) => (start < to && end > from ? [at] : [])),
  };
}
