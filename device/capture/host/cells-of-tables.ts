import type { EngineWord } from '../engines/tsv.ts';
import type { RuledTable, TableCell } from '../steps/ruled-tables.ts';

/** What stands in one cell. */
interface Filled {
  left: number;
  words: EngineWord[];
}

type Line = EngineWord[];

/** Share of a table's words that may stand in no cell; with more its rules were not found. */
const mostLoose = 0.08;
/** Share of its lines that may go on beyond it. */
const mostCut = 0.2;
/** Lines of rows stand farther apart than those of a text, in heights of a line. */
const leastPitch = 2.3;

/**
 * The words of tables with rules, cell by cell: the engine reads across the rules where lines of neighbours are
 * level, and by columns where they are not. Cells of one line each, level with each other, stay one line.
 * Numbers of lines and blocks are given anew; what stands in no table keeps its order.
 */
export function inCells(words: readonly EngineWord[], tables: readonly RuledTable[]): EngineWord[] {
  const tableOf = new Map<EngineWord, Filled[][]>();
  for (const table of tables) {
    const box = boxOf(table.flat());
    const inside = words.filter(word => isIn(word, box));
    const loose = inside.filter(word => !table.some(row => row.some(cell => isIn(word, cell))));
    if (loose.length > inside.length * mostLoose || isCut(words, new Set(inside))) continue;
    const rows = filled(table, inside);
    if (!rows.some(isTorn)) for (const word of inside) tableOf.set(word, rows);
  }
  const out: { line: Line; block: number }[] = [];
  const done = new Set<Filled[][]>();
  let block = 0;
  let before: EngineWord | undefined;
  for (const word of words) {
    const table = tableOf.get(word);
    if (table === undefined) {
      if (before !== undefined && before.line === word.line) out.at(-1)?.line.push(word);
      else {
        if (before?.block !== word.block) block++;
        out.push({ line: [word], block });
      }
      before = word;
      continue;
    }
    before = undefined;
    if (done.has(table)) continue;
    done.add(table);
    block++;
    out.push(...table.flatMap(linesOfRow).map(line => ({ line, block })));
  }
  return out.flatMap(({ line, block: number }, at) =>
    line.map(word => ({ ...word, line: at, block: number })),
  );
}

const middleOf = ({ left, top, width, height }: EngineWord) => ({ x: left + width / 2, y: top + height / 2 });

function isIn(word: EngineWord, { left, right, top, bottom }: TableCell): boolean {
  const { x, y } = middleOf(word);
  return x >= left && x < right && y >= top && y < bottom;
}

function boxOf(cells: readonly TableCell[]): TableCell {
  return {
    left: Math.min(...cells.map(({ left }) => left)),
    right: Math.max(...cells.map(({ right }) => right)),
    top: Math.min(...cells.map(({ top }) => top)),
    bottom: Math.max(...cells.map(({ bottom }) => bottom)),
  };
}

/** The rows of a table with what stands in them, cells from left to right. */
function filled(table: RuledTable, words: readonly EngineWord[]): Filled[][] {
  const rows = table.map((): Filled[] => []);
  const cells = table.flatMap((row, at) => row.map(cell => ({ at, cell })));
  const lowest = table.map(row => Math.min(...row.map(({ bottom }) => bottom)));
  const known = new Map<TableCell | number, Filled>();
  for (const word of words) {
    const place = cells.find(({ cell }) => isIn(word, cell));
    // A rule that was drawn badly leaves a cell open: its words go with the row that they are level with.
    const row = place?.at ?? lowest.findIndex(bottom => middleOf(word).y < bottom);
    // They keep together by the engine's lines.
    const key = place?.cell ?? word.line;
    const mine = known.get(key);
    if (mine !== undefined) mine.words.push(word);
    else {
      const cell = { left: place?.cell.left ?? word.left, words: [word] };
      known.set(key, cell);
      rows.at(row)?.push(cell);
    }
  }
  return rows.map(row => row.toSorted((one, other) => one.left - other.left));
}

/** Whether lines go on beyond the table: only a part of its rules was found. */
function isCut(words: readonly EngineWord[], inside: ReadonlySet<EngineWord>): boolean {
  const outside = new Set(words.filter(word => !inside.has(word)).map(({ line }) => line));
  const lines = new Set([...inside].map(({ line }) => line));
  return [...lines].filter(line => outside.has(line)).length > lines.size * mostCut;
}

/** Whether cells side by side hold lines as far apart as rows are: the rules between those were not found. */
function isTorn(row: readonly Filled[]): boolean {
  const wide = row.filter(({ words }) => {
    const tops = linesDown(words).map(line => line[0]);
    return tops.slice(1).some((word, at) => {
      const above = tops[at];
      return word !== undefined && above !== undefined && word.top - above.top > leastPitch * above.height;
    });
  });
  return wide.length > 1;
}

/** Lines cell by cell; neighbours of one line each that are level are one. */
function linesOfRow(row: readonly Filled[]): Line[] {
  const out: Line[] = [];
  let open: Line | undefined;
  for (const { words } of row) {
    const lines = linesDown(words);
    const [first] = lines;
    if (first !== undefined && lines.length === 1 && open !== undefined && isLevel(open, first))
      open.push(...first);
    else {
      out.push(...lines);
      open = lines.length === 1 ? first : undefined;
    }
  }
  return out;
}

/** Lines of a cell, those of blocks that the engine took out of their order from above to below. */
function linesDown(words: readonly EngineWord[]): Line[] {
  const blocks = [...Map.groupBy(words, ({ block }) => block).values()];
  const topOf = (block: readonly EngineWord[]) => Math.min(...block.map(({ top }) => top));
  return blocks
    .toSorted((one, other) => topOf(one) - topOf(other))
    .flatMap(block => [...Map.groupBy(block, ({ line }) => line).values()]);
}

function isLevel(one: Line, other: Line): boolean {
  const [first, second] = [one.at(-1), other[0]];
  if (first === undefined || second === undefined) return false;
  const apart = Math.abs(middleOf(first).y - middleOf(second).y);
  return apart < Math.min(first.height, second.height);
}
