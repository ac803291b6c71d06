import type { Engine, Reading } from '../engines/engine.ts';
import type { EngineWord } from '../engines/tsv.ts';
import type { RecognisedPage, Word } from '../recognised.ts';
import { cutInBands } from '../steps/bands.ts';
import { type CellRow, closeUpCells, placeBefore } from '../steps/cells.ts';
import type { Grey } from '../steps/grey.ts';
import { type RuledTable, ruledTables } from '../steps/ruled-tables.ts';
import { densestStrip, seemsUpsideDown, upsideDown } from '../steps/upside-down.ts';
import { blocksDownwards } from './blocks-downwards.ts';
import { inCells } from './cells-of-tables.ts';
import type { CleanPage } from './clean-page.ts';
import { partyByParty } from './parties-side-by-side.ts';
import { inRows } from './rows-of-tables.ts';
import { pictureOfCells, unreadCells, wordsInPlace } from './unread-cells.ts';
import { withZoneAgain } from './zone-again.ts';

/** Print that was read with less confidence may stand on its head: bad scans reach 70, such pages 20–45. */
const doubtful = 65;
/** How well a strip must be read when it is turned over, and how much better than the page was. */
const sure = 50;
/** A strip that is read so well need not be looked at the other way. */
const certain = 75;
const clearlyBetter = 12;

/** What reading needs of a clean page. */
export interface PageToRead extends Pick<CleanPage, 'grey' | 'dpi' | 'side'> {
  mayStandOnItsHead: boolean;
}

export interface ReadPage {
  page: RecognisedPage;
  upsideDown: boolean;
}

/**
 * Reads a page, by all workers at once when it is alone. Where its lines look as if it stood on its head, or it
 * lay on its side, a strip tells first; one that was read badly is tried the other way too.
 */
export async function readPage(engine: Engine, clean: PageToRead, alone: boolean): Promise<ReadPage> {
  const read = async (page: Grey): Promise<Reading> => {
    const { grey, rows } = closeUpCells(page, clean.dpi);
    const reading = await (alone ? readInBands(engine, grey, clean.dpi) : engine.read(grey, clean.dpi));
    if (reading.kind !== 'read') return reading;
    const tables = ruledTables(grey, clean.dpi);
    const missed = await readUnread(engine, { grey, dpi: clean.dpi }, reading.words, tables);
    const zoned = await withZoneAgain(engine, { grey, dpi: clean.dpi }, reading.words);
    const words = inCells([...zoned, ...missed], tables);
    return { kind: 'read', words: words.map(word => whereItWas(word, rows)) };
  };
  const readTurned = async (): Promise<ReadPage> => {
    const turned = upsideDown(clean.grey);
    return { page: pageOf(await read(turned), turned), upsideDown: true };
  };
  if (clean.mayStandOnItsHead && (await isReadBetter(engine, clean, undefined))) return await readTurned();
  const first = await read(clean.grey);
  if (clean.side !== 'told' && first.kind === 'read' && confidenceOf(first.words) < doubtful)
    if (await isReadBetter(engine, clean, confidenceOf(first.words))) return await readTurned();
  return { page: pageOf(first, clean.grey), upsideDown: false };
}

/** Whether a page looks as if it had to be turned over; most that need it do. */
export function mayStandOnItsHead({ side, grey }: Pick<CleanPage, 'grey' | 'side'>): boolean {
  return side === 'unsure' || (side === 'as-it-lay' && seemsUpsideDown(grey));
}

/** Whether a strip of the page is read clearly better when it is turned over: than the page was, or else than the strip. */
async function isReadBetter(
  engine: Engine,
  { grey, dpi }: PageToRead,
  before: number | undefined,
): Promise<boolean> {
  const strip = densestStrip(grey);
  const confidence = async (of: Grey) => {
    const reading = await engine.read(of, dpi);
    return reading.kind === 'read' && reading.words.length > 0 ? confidenceOf(reading.words) : 0;
  };
  const turned = await confidence(upsideDown(strip));
  if (before === undefined && turned >= certain) return true;
  return turned >= sure && turned > (before ?? (await confidence(strip))) + clearlyBetter;
}

/** What stands in cells of tables that the engine passed over; they are read as one small picture. */
async function readUnread(
  engine: Engine,
  { grey, dpi }: Pick<CleanPage, 'grey' | 'dpi'>,
  words: readonly EngineWord[],
  tables: readonly RuledTable[],
): Promise<EngineWord[]> {
  const cells = unreadCells(grey, dpi, words, tables);
  if (cells.length === 0) return [];
  const picture = pictureOfCells(grey, dpi, cells);
  const reading = await engine.read(picture.grey, dpi);
  const next = { line: (words.at(-1)?.line ?? -1) + 1, block: (words.at(-1)?.block ?? -1) + 1 };
  return reading.kind === 'read' ? wordsInPlace(reading.words, picture, next) : [];
}

async function readInBands(engine: Engine, grey: Grey, dpi: number): Promise<Reading> {
  const bands = cutInBands(grey);
  if (bands === undefined) return await engine.read(grey, dpi);
  const [upper, lower] = await Promise.all(bands.map(band => engine.read(band, dpi)));
  if (upper?.kind !== 'read') return upper ?? { kind: 'failed' };
  if (lower?.kind !== 'read') return lower ?? { kind: 'failed' };
  const lines = (upper.words.at(-1)?.line ?? -1) + 1;
  const blocks = (upper.words.at(-1)?.block ?? -1) + 1;
  const moved = lower.words.map(word => ({
    ...word,
    line: word.line + lines,
    block: word.block + blocks,
    top: word.top + bands[0].height,
  }));
  return { kind: 'read', words: [...upper.words, ...moved] };
}

/** A word with its place on the page as it was before letters in cells were moved together. */
function whereItWas(word: EngineWord, rows: readonly CellRow[]): EngineWord {
  const middle = word.top + word.height / 2;
  const left = placeBefore(rows, word.left, middle);
  return { ...word, left, width: placeBefore(rows, word.left + word.width, middle) - left };
}

/** Mean of the words' confidence, weighted by their length; 100 when there is nothing to doubt. */
function confidenceOf(words: EngineWord[]): number {
  const characters = words.reduce((sum, { text }) => sum + text.length, 0);
  if (characters === 0) return 100;
  return words.reduce((sum, { text, confidence }) => sum + confidence * text.length, 0) / characters;
}

/** Words of a line are joined by spaces, lines by line feeds, blocks by an empty line. */
function pageOf(reading: Reading, { width, height }: Grey): RecognisedPage {
  if (reading.kind !== 'read') {
    const trouble = reading.kind === 'timed-out' ? 'capture.timeout' : 'capture.engine-failed';
    return { text: '', width, height, words: [], trouble };
  }
  let text = '';
  let last: EngineWord | undefined;
  const words = partyByParty(inRows(blocksDownwards(reading.words))).map((word): Word => {
    if (last !== undefined) text += word.line === last.line ? ' ' : word.block === last.block ? '\n' : '\n\n';
    text += word.text;
    last = word;
    const box = {
      x: fraction(word.left, width),
      y: fraction(word.top, height),
      width: fraction(word.width, width),
      height: fraction(word.height, height),
    };
    return { text: word.text, confidence: word.confidence, line: word.line, box };
  });
  return { text, width, height, words };
}

function fraction(pixels: number, of: number): number {
  return Math.min(1, Math.max(0, pixels / of));
}
