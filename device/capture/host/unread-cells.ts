import type { EngineWord } from '../engines/tsv.ts';
import type { Grey } from '../steps/grey.ts';
import type { RuledTable, TableCell } from '../steps/ruled-tables.ts';

/** Ink of a cell, in pixels of the page, and where it stands in the picture of unread cells. */
export interface UnreadCell extends TableCell {
  x: number;
  y: number;
}

export interface PictureOfCells {
  grey: Grey;
  placed: UnreadCell[];
}

const inkLevel = 150;
/** A cell's rules may wander into it by so much. */
const insetMm = 0.4;
/** Figures and short words of one line, no dashes and no pictures. */
const heightMm = { least: 1.3, most: 5.5 };
const widthMm = { least: 0.3, most: 30 };
/** As a space is wide: at wider ones the engine sees a drawing. */
const gapMm = 1.8;
const leadingMm = 4;
const mostCells = 80;
/** Words below this confidence are no more than dust to the engine. */
const dust = 40;
const sureEnough = 60;
const millimetresPerInch = 25.4;

/** Cells of tables that hold ink in which the engine saw no word: it passes over single figures between rules. */
export function unreadCells(
  grey: Grey,
  dpi: number,
  words: readonly EngineWord[],
  tables: readonly RuledTable[],
): TableCell[] {
  const perMm = dpi / millimetresPerInch;
  const found = tables
    .flatMap(table => table.flat())
    .flatMap((cell): TableCell[] => {
      const isRead = words.some(
        ({ left, top, width, height, confidence }) =>
          confidence >= dust &&
          left < cell.right &&
          left + width > cell.left &&
          top + height / 2 > cell.top &&
          top + height / 2 < cell.bottom,
      );
      const ink = isRead ? undefined : inkOf(grey, cell, Math.ceil(insetMm * perMm));
      if (ink === undefined) return [];
      const [high, wide] = [(ink.bottom - ink.top) / perMm, (ink.right - ink.left) / perMm];
      const isText =
        high >= heightMm.least && high <= heightMm.most && wide >= widthMm.least && wide <= widthMm.most;
      return isText ? [ink] : [];
    });
  return found.length > mostCells ? [] : found;
}

/** The unread cells beside each other, as lines of a text. */
export function pictureOfCells(grey: Grey, dpi: number, cells: readonly TableCell[]): PictureOfCells {
  const perMm = dpi / millimetresPerInch;
  const [gap, lineHeight] = [Math.round(gapMm * perMm), Math.round((heightMm.most + leadingMm) * perMm)];
  let [x, bottom] = [gap, lineHeight];
  const placed = cells.map((cell): UnreadCell => {
    const wide = cell.right - cell.left;
    if (x + wide + gap > grey.width) [x, bottom] = [gap, bottom + lineHeight];
    const place = { ...cell, x, y: bottom - (cell.bottom - cell.top) };
    x += wide + gap;
    return place;
  });
  const height = bottom + gap;
  const data = new Uint8Array(grey.width * height).fill(255);
  for (const cell of placed)
    for (let y = cell.top; y < cell.bottom; y++) {
      const from = y * grey.width;
      const row = grey.data.subarray(from + cell.left, from + cell.right);
      data.set(row, (cell.y + y - cell.top) * grey.width + cell.x);
    }
  return { grey: { data, width: grey.width, height }, placed };
}

/**
 * Words of that picture where they stand on the page, each on a line and in a block of its own. The engine may
 * run figures of several cells together: they are told apart by counting, and left out where that does not come out.
 */
export function wordsInPlace(
  read: readonly EngineWord[],
  { grey, placed }: PictureOfCells,
  { line, block }: { line: number; block: number },
): EngineWord[] {
  const found: EngineWord[] = [];
  for (const word of read) {
    if (word.confidence < sureEnough) continue;
    const cells = placed.filter(cell => {
      const right = cell.x + cell.right - cell.left;
      const over = Math.min(right, word.left + word.width) - Math.max(cell.x, word.left);
      const isLevel = word.top < cell.y + cell.bottom - cell.top && word.top + word.height > cell.y;
      return isLevel && over > Math.min(right - cell.x, word.width) / 2;
    });
    const counts = cells.length === 1 ? [word.text.length] : cells.map(cell => signsIn(grey, cell));
    if (counts.reduce((sum, count) => sum + count, 0) !== word.text.length) continue;
    let from = 0;
    for (const [at, { left, right, top, bottom }] of cells.entries()) {
      const text = word.text.slice(from, from + (counts[at] ?? 0));
      from += text.length;
      const number = found.length;
      found.push({
        ...{ text, confidence: word.confidence, line: line + number, block: block + number },
        ...{ left, top, width: right - left, height: bottom - top },
      });
    }
  }
  return found;
}

/** Signs that do not touch each other, as figures do not. */
function signsIn({ data, width }: Grey, cell: UnreadCell): number {
  let [signs, inSign] = [0, false];
  for (let x = cell.x; x <= cell.x + cell.right - cell.left; x++) {
    let isInk = false;
    for (let y = cell.y; y < cell.y + cell.bottom - cell.top; y++)
      if ((data[y * width + x] ?? 255) < inkLevel) isInk = true;
    if (isInk && !inSign) signs++;
    inSign = isInk;
  }
  return signs;
}

/** The box around what is dark in a cell; undefined when it is empty or its ink runs into the sides. */
function inkOf({ data, width }: Grey, cell: TableCell, inset: number): TableCell | undefined {
  const [fromX, toX] = [Math.round(cell.left) + inset, Math.round(cell.right) - inset];
  const [fromY, toY] = [Math.round(cell.top) + inset, Math.round(cell.bottom) - inset];
  const ink = { left: toX, right: fromX, top: toY, bottom: fromY };
  for (let y = fromY; y < toY; y++)
    for (let x = fromX; x < toX; x++) {
      if ((data[y * width + x] ?? 255) >= inkLevel) continue;
      ink.left = Math.min(ink.left, x);
      ink.right = Math.max(ink.right, x + 1);
      ink.top = Math.min(ink.top, y);
      ink.bottom = Math.max(ink.bottom, y + 1);
    }
  if (ink.right <= ink.left || (ink.top === fromY && ink.bottom === toY)) return undefined;
  // Soft edges of the letters belong to them.
  return { left: ink.left - 1, right: ink.right + 1, top: ink.top - 1, bottom: ink.bottom + 1 };
}
