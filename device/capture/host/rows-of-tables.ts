import type { EngineWord } from '../engines/tsv.ts';

/** Lines of the rows of a table stand farther apart than those of a text, in heights of a line. */
const leastPitch = 1.65;
/** Cells hold few words; in columns of a text lines are full. */
const mostWords = 3.5;
/** Lines of one row differ by less, in heights. */
const levelWithin = 0.5;
/** Rows that must be level with another column's, as a share. */
const levelRows = 0.6;

interface Line {
  words: EngineWord[];
  block: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * The words with tables in rows that the engine read column by column, as it does when no rules part their
 * cells: a label then stands on one line with its value. Columns of running text stay columns; where it cannot
 * be told nothing is moved. Numbers of lines and blocks are given anew.
 */
export function inRows(words: readonly EngineWord[]): EngineWord[] {
  const lines = linesOf(words);
  const groups = sideBySide(lines);
  const out: Line[][] = [];
  const done = new Set<Line | Line[]>();
  const put = (line: Line) => {
    const group = groups.get(line.block);
    if (group !== undefined && isTable(group)) {
      if (done.has(group)) return;
      done.add(group);
      for (const heading of lines.filter(other => standsOver(other, group))) put(heading);
      out.push(...rowsOf(group));
    } else if (!done.has(line)) {
      done.add(line);
      out.push([line]);
    }
  };
  for (const line of lines) put(line);
  return out.flatMap((row, number) =>
    row.flatMap(({ words: parts }) =>
      parts.map(word => ({ ...word, line: number, block: row[0]?.block ?? word.block })),
    ),
  );
}

function linesOf(words: readonly EngineWord[]): Line[] {
  const lines = new Map<number, EngineWord[]>();
  for (const word of words) {
    const known = lines.get(word.line);
    if (known === undefined) lines.set(word.line, [word]);
    else known.push(word);
  }
  return [...lines.values()].map(parts => ({
    words: parts,
    block: parts[0]?.block ?? 0,
    left: Math.min(...parts.map(({ left }) => left)),
    right: Math.max(...parts.map(({ left, width }) => left + width)),
    top: Math.min(...parts.map(({ top }) => top)),
    bottom: Math.max(...parts.map(({ top, height }) => top + height)),
  }));
}

/** Blocks that stand beside each other, directly or through a third one: their lines, by block. */
function sideBySide(lines: readonly Line[]): Map<number, Line[]> {
  const blocks = new Map<number, Line[]>();
  for (const line of lines) blocks.set(line.block, [...(blocks.get(line.block) ?? []), line]);
  const around = [...blocks].map(([block, those]) => ({
    block,
    left: Math.min(...those.map(({ left }) => left)),
    right: Math.max(...those.map(({ right }) => right)),
    top: Math.min(...those.map(({ top }) => top)),
    bottom: Math.max(...those.map(({ bottom }) => bottom)),
  }));
  const groups = new Map<number, Set<number>>(around.map(({ block }) => [block, new Set([block])]));
  for (const one of around)
    for (const other of around) {
      const isBeside = one.right <= other.left && one.top < other.bottom && other.top < one.bottom;
      const [first, second] = [groups.get(one.block), groups.get(other.block)];
      if (!isBeside || first === undefined || second === undefined || first === second) continue;
      for (const block of second) {
        first.add(block);
        groups.set(block, first);
      }
    }
  const found = new Map<Set<number>, Line[]>();
  for (const group of groups.values())
    if (group.size > 1 && !found.has(group))
      found.set(
        group,
        lines.filter(({ block }) => group.has(block)),
      );
  return new Map(
    [...groups].flatMap(([block, group]) => {
      const those = found.get(group);
      return those === undefined ? [] : [[block, those]];
    }),
  );
}

/** Whether lines of blocks beside each other are the cells of rows. */
function isTable(group: readonly Line[]): boolean {
  const blocks = Map.groupBy(group, ({ block }) => block);
  let full = 0;
  for (const lines of blocks.values()) {
    if (middle(lines.map(({ words }) => words.length)) > mostWords) full++;
    const pitches = lines.slice(1).map((line, at) => {
      const above = lines[at] ?? line;
      return (line.top - above.top) / Math.max(1, middle([heightOf(line), heightOf(above)]));
    });
    if (pitches.length > 0 && middle(pitches) < leastPitch) return false;
  }
  if (full > 1 || areParallel(rowsOf(group))) return false;
  const level = group.filter(line => group.some(other => other.block !== line.block && isLevel(line, other)));
  return level.length >= group.length * levelRows;
}

/** Details of two parties beside each other: cells of a row begin with the same word. */
function areParallel(rows: readonly Line[][]): boolean {
  const alike = rows.filter(row => {
    const begins = row.flatMap(({ words }) => words[0]?.text.toLowerCase().match(/^\p{L}{2,}/u)?.[0] ?? []);
    return new Set(begins).size < begins.length;
  });
  return alike.length > 1;
}

/** A heading that the engine read after the first column of the table below it. */
function standsOver(line: Line, group: readonly Line[]): boolean {
  const [left, right] = [
    Math.min(...group.map(each => each.left)),
    Math.max(...group.map(each => each.right)),
  ];
  const over = Math.min(right, line.right) - Math.max(left, line.left);
  return group.every(({ top }) => line.bottom <= top) && over > (line.right - line.left) / 2;
}

function rowsOf(group: readonly Line[]): Line[][] {
  const rows: Line[][] = [];
  for (const line of group.toSorted((one, other) => one.top - other.top)) {
    const row = rows.findLast(each => each[0] !== undefined && isLevel(line, each[0]));
    if (row === undefined) rows.push([line]);
    else row.push(line);
  }
  return rows.map(row => row.toSorted((one, other) => one.left - other.left));
}

const heightOf = ({ top, bottom }: Line) => bottom - top;

function isLevel(one: Line, other: Line): boolean {
  const difference = Math.abs(one.top + one.bottom - other.top - other.bottom) / 2;
  return difference < levelWithin * Math.min(heightOf(one), heightOf(other));
}

function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}
