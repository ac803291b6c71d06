import type { EngineWord } from '../engines/tsv.ts';

/** A gap between two columns, in heights of a line; spaces between words are below one, also in justified text. */
const leastGap = 2.5;
/** Beginnings of a column's lines differ by less, in heights. */
const levelWithin = 1;
/** Lines of one party stand no farther apart, in heights, and are no more. */
const mostPitch = 4;
const mostLines = 40;
/** More columns are a table. */
const mostColumns = 3;
/** Lines that begin with the same word on both sides («паспорт», «выдан»), each with another one. */
const leastAlike = 2;
const beginning = /^\p{L}{3,}/u;

type Part = EngineWord[];

/**
 * The words with details of two or three parties, which stand beside each other below a contract and were read
 * across, party by party: «паспорт» stands over the right «выдан» then. Told from a table by their lines, of
 * which several begin with the same word on both sides. Numbers of lines and blocks are given anew there.
 */
export function partyByParty(words: readonly EngineWord[]): EngineWord[] {
  const lines = [...Map.groupBy(words, ({ line }) => line).values()].map(partsOf);
  const out: { words: EngineWord[]; block: number }[] = [];
  let added = 0;
  const put = (those: EngineWord[], isNewBlock: boolean) => {
    if (isNewBlock) added++;
    out.push({ words: those, block: (those[0]?.block ?? 0) + added });
  };
  for (let at = 0; at < lines.length; ) {
    const run = runFrom(lines, at);
    if (run === undefined) put(lines[at++]?.flat() ?? [], false);
    else {
      for (const column of run.columns) for (const [row, part] of column.entries()) put(part, row === 0);
      at += run.lines;
      added++;
    }
  }
  return out.flatMap(({ words: those, block }, line) => those.map(word => ({ ...word, line, block })));
}

/** A line, parted at its wide gaps. */
function partsOf(line: readonly EngineWord[]): Part[] {
  const parts: Part[] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const word of line) {
    if (word.left - right > leastGap * word.height) parts.push([word]);
    else parts.at(-1)?.push(word);
    right = word.left + word.width;
  }
  return parts;
}

/** Lines from this one on whose parts stand in the columns that it begins; undefined when those are no parties. */
function runFrom(lines: readonly Part[][], from: number): { lines: number; columns: Part[][] } | undefined {
  const first = lines[from] ?? [];
  const starts = first.map(leftOf);
  if (starts.length < 2 || starts.length > mostColumns) return undefined;
  const columns = starts.map((): Part[] => []);
  const alike = new Set<string>();
  let [length, count] = [0, 0];
  let above = first;
  for (const line of lines.slice(from, from + mostLines)) {
    const places = line.map(part => columnOf(part, starts));
    const fits = places.every(
      (place, at) => place !== undefined && (at === 0 || place > (places[at - 1] ?? -1)),
    );
    const step = topOf(line) - topOf(above);
    if (!fits || step < 0 || step > mostPitch * heightOf(line)) break;
    above = line;
    count++;
    // One word of each: heads of columns in one line are none.
    const word = sharedBeginnings(line).find(each => !alike.has(each));
    if (word !== undefined) alike.add(word);
    // A line at the left alone may be the text that goes on below, unless others follow.
    if (places.some(place => place !== 0)) length = count;
  }
  if (alike.size < leastAlike) return undefined;
  for (const line of lines.slice(from, from + length))
    for (const part of line) columns[columnOf(part, starts) ?? 0]?.push(part);
  return { lines: length, columns };
}

/** The column that a part begins, and does not run out of. */
function columnOf(part: Part, starts: readonly number[]): number | undefined {
  const at = starts.findIndex(start => Math.abs(start - leftOf(part)) < levelWithin * heightOf([part]));
  const last = part.at(-1);
  const right = last === undefined ? 0 : last.left + last.width;
  return at < 0 || right > (starts[at + 1] ?? Number.POSITIVE_INFINITY) ? undefined : at;
}

function sharedBeginnings(line: readonly Part[]): string[] {
  const begins = line.flatMap(part => part[0]?.text.toLowerCase().match(beginning) ?? []);
  return begins.filter((word, at) => begins.indexOf(word) < at);
}

const leftOf = (part: Part) => part[0]?.left ?? 0;
const topOf = (line: readonly Part[]) => Math.min(...line.flat().map(({ top }) => top));
const heightOf = (line: readonly Part[]) => Math.max(...line.flat().map(({ height }) => height));
