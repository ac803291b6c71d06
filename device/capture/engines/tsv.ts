/** A word as the engine tells it: pixels of the picture it was given, lines from 0, blocks from 0. */
export interface EngineWord {
  text: string;
  /** 0–100. */
  confidence: number;
  block: number;
  line: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Level of a row that is a word, in tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
const wordLevel = '5';

/** Reads tesseract's table of words, with its headline or without, in reading order. */
export function wordsOf(tsv: string): EngineWord[] {
  const words: EngineWord[] = [];
  const blocks = new Map<string, number>();
  let lineName = '';
  let line = -1;
  for (const row of tsv.split('\n')) {
    const [level, , block = '', paragraph, inParagraph, , left, top, width, height, confidence, ...rest] =
      row.split('\t');
    const text = rest.join(' ').trim().normalize('NFC');
    if (level !== wordLevel || text === '') continue;
    const name = `${block} ${paragraph} ${inParagraph}`;
    if (name !== lineName) line++;
    lineName = name;
    if (!blocks.has(block)) blocks.set(block, blocks.size);
    words.push({
      text,
      confidence: Math.max(0, Number(confidence)),
      block: blocks.get(block) ?? 0,
      line,
      left: Number(left),
      top: Number(top),
      width: Number(width),
      height: Number(height),
    });
  }
  return words;
}
