import type { Box, RecognisedPage, Word } from '../recognised.ts';

/** A page's words as one text, with the way back from a place in the text to the words. */
export interface PageText {
  /** Words of a line joined by spaces, lines by line feeds. */
  text: string;
  /** Words that touch the part of the text from `start` to `end`. */
  wordsAt(start: number, end: number): Word[];
  /** The nearest label over that part, as over a column of a table or in a form; empty when there is none. */
  above: Above;
}

export type Above = (start: number, end: number) => string;

/** A label of a form has no more lines. */
const labelLines = 2;
/** How far over a value its label may stand, as a share of the page; the rows between hold values. */
const labelReach = 0.3;
/** How far values of a column may be out of line, as a share of the page's width. */
const columnShare = 0.015;
/** Of the height of a word; a page is some 1.4 times as high as wide. */
const widestSpace = 1.3;

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
  const lines = Map.groupBy(page.words, word => word.line);
  const wordsAt = (start: number, end: number) =>
    spans.filter(span => span.start < end && span.end > start).map(span => span.word);
  return { text, wordsAt, above: (start, end) => labelOver(page.words, lines, wordsAt(start, end)) };
}

/** Words without figures straight over others: the nearest line of them and the one that it goes on from. */
function labelOver(words: Word[], lines: ReadonlyMap<number, Word[]>, value: Word[]): string {
  const box = boxAround(value);
  if (box === undefined || box.width === 0) return '';
  const over = words.filter(
    ({ box: other }) =>
      other.x < box.x + box.width &&
      other.x + other.width > box.x &&
      other.y + other.height / 2 < box.y &&
      other.y > box.y - labelReach,
  );
  const label: string[] = [];
  let nearest: { line: number; y: number; height: number } | undefined;
  // The nearest first; what the engine read last may stand over all others.
  const upwards = over.toSorted((one, other) => other.box.y - one.box.y);
  for (const line of new Set(upwards.map(word => word.line))) {
    const found = phraseAround(lines.get(line) ?? [], over);
    const { y, height } = boxAround(found) ?? box;
    if (found.some(({ text }) => /\d/.test(text))) {
      const cell = boxAround(over.filter(word => word.line === line));
      if (nearest === undefined && cell !== undefined && areInColumn(cell, box)) continue;
      break;
    }
    if (nearest !== undefined && y + 2.5 * nearest.height < nearest.y) break;
    label.unshift(found.map(({ text }) => text).join(' '));
    nearest = { line, y, height };
    if (label.length === labelLines) break;
  }
  return label.join('\n');
}

/** Values of one column begin, end or stand in the middle under each other. */
function areInColumn(one: Box, other: Box): boolean {
  const [left, right] = [one.x - other.x, one.x + one.width - other.x - other.width];
  return [left, right, (left + right) / 2].some(apart => Math.abs(apart) < columnShare);
}

/** Words of a line together with those that stand a usual space beside them; a column is farther away. */
function phraseAround(line: Word[], some: Word[]): Word[] {
  const phrases: Word[][] = [];
  for (const word of line) {
    const last = phrases.at(-1)?.at(-1);
    const isNear = last && word.box.x - last.box.x - last.box.width < word.box.height * widestSpace;
    if (isNear) phrases.at(-1)?.push(word);
    else phrases.push([word]);
  }
  return phrases.filter(phrase => phrase.some(word => some.includes(word))).flat();
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
