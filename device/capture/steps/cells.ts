import type { Grey } from './grey.ts';

/** Sides of the cells of a form, one letter each, in millimetres. */
const cellHeight = { least: 3.2, most: 14 };
const widestCell = 11;
/** Fewer cells beside each other are tick boxes or a table. */
const fewestCells = 3;
/** Rules are thinner than letters and often grey. */
const ruleLevel = 185;
const widestRuleMm = 0.8;
/** How far widths of the cells of one row differ, as a share; spaces between strokes of letters differ more. */
const unevenWidth = 0.12;
/** How far ends of rules of one row of cells may differ, in pixels. */
const tolerance = 4;
/** Share of a cell's upper and lower side that is drawn. */
const closedShare = 0.8;
const mostInkAlongSides = 0.1;
/** Between letters that were moved together, and in place of an empty cell. */
const letterGapPixels = 4;
const spaceMm = 2;
/** What parts groups of cells, wider than the usual gap by so much: a dash, a word, another number. */
const widerGapMm = 0.7;
/** Every how many rows the picture is looked at. */
const stride = 4;
const millimetresPerInch = 25.4;

interface Rule {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What stood in one cell, moved to the left: pixels from `from` on now begin at `to`. */
interface Move {
  from: number;
  to: number;
  width: number;
}

/** A row of cells that was closed up; rows of pixels from `top` up to `bottom`. */
export interface CellRow {
  top: number;
  bottom: number;
  moves: Move[];
}

/**
 * Takes the cells of forms away, in which each letter stands by itself, and moves the letters of a row
 * together: the engine reads the sides of cells as letters («[9 | [9 |»), and letters far apart one by one.
 * Nothing is changed, and the same picture returned, where there are no cells.
 * @param grey a straightened page, its paper white
 */
export function closeUpCells(grey: Grey, dpi: number): { grey: Grey; rows: CellRow[] } {
  const perMm = dpi / millimetresPerInch;
  const rules = uprightRules(grey, cellHeight.least * perMm, cellHeight.most * perMm).filter(
    ({ left, right }) => right - left <= widestRuleMm * perMm,
  );
  const rows = rowsOf(rules, widestCell * perMm)
    .map(row => cellsOf(grey, row))
    .filter(cells => cells.length >= fewestCells);
  if (rows.length === 0) return { grey, rows: [] };
  const cleared = { ...grey, data: new Uint8Array(grey.data) };
  for (const cells of rows) for (const [left, right] of cells) eraseCell(cleared, left, right);
  return { grey: cleared, rows: rows.map(cells => closeUp(cleared, cells, perMm)) };
}

/** The place before it was moved of a place in a picture with rows of cells closed up, in pixels. */
export function placeBefore(rows: readonly CellRow[], x: number, y: number): number {
  const moves = rows.find(row => y > row.top && y < row.bottom)?.moves ?? [];
  const move = moves.find(({ to, width }) => x >= to - letterGapPixels && x <= to + width + letterGapPixels);
  return move === undefined ? x : x - move.to + move.from;
}

/** Runs of dark pixels from top to bottom of wanted length, those side by side as one. */
function uprightRules(grey: Grey, least: number, most: number): Rule[] {
  const { data, width, height } = grey;
  const fewestSteps = Math.floor(least / stride) - 1;
  const steps = new Uint16Array(width);
  const found: Rule[] = [];
  for (let y = 0; y < height + stride; y += stride) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      if ((data[at] ?? 255) < ruleLevel) steps[x] = (steps[x] ?? 0) + 1;
      else if (steps[x] !== 0) {
        if ((steps[x] ?? 0) >= fewestSteps) {
          const rule = runAt(grey, x, y - stride);
          const length = rule.bottom - rule.top;
          if (length >= least && length <= most) addTo(found, rule);
        }
        steps[x] = 0;
      }
    }
  }
  return found;
}

/** The whole run of dark pixels through a place. */
function runAt({ data, width, height }: Grey, x: number, y: number): Rule {
  const isDark = (row: number) => (data[row * width + x] ?? 255) < ruleLevel;
  let [top, bottom] = [y, y];
  while (top > 0 && isDark(top - 1)) top--;
  while (bottom < height && isDark(bottom)) bottom++;
  return { left: x, right: x, top, bottom };
}

/** Joins a run to the rule that it is a part of. Runs come from left to right and from above. */
function addTo(rules: Rule[], run: Rule): void {
  for (let at = rules.length - 1; at >= 0; at--) {
    const rule = rules[at];
    if (rule === undefined || run.top - rule.bottom > tolerance) break;
    if (run.left - rule.right > 1 || run.left < rule.left - 1 || !areLevel(rule, run)) continue;
    rule.left = Math.min(rule.left, run.left);
    rule.right = Math.max(rule.right, run.right);
    return;
  }
  rules.push(run);
}

const areLevel = (one: Rule, other: Rule) =>
  Math.abs(one.top - other.top) <= tolerance && Math.abs(one.bottom - other.bottom) <= tolerance;

/** Rules of the same height beside each other, no farther apart than a cell is wide. */
function rowsOf(rules: readonly Rule[], widest: number): Rule[][] {
  const rows: Rule[][] = [];
  for (const rule of rules.toSorted((one, other) => one.left - other.left)) {
    const row = rows.find(each => {
      const last = each.at(-1);
      return last !== undefined && rule.left - last.right <= widest && areLevel(rule, last);
    });
    if (row === undefined) rows.push([rule]);
    else row.push(rule);
  }
  return rows;
}

/** The cells between the rules of a row. Beside others that are empty along their sides a letter may touch its own. */
function cellsOf(grey: Grey, row: readonly Rule[]): [Rule, Rule][] {
  const pairs = row.slice(1).flatMap((right, at): [Rule, Rule][] => {
    const left = row[at];
    return left === undefined ? [] : [[left, right]];
  });
  const closed = pairs.filter(([left, right]) => isClosed(grey, left, right));
  const certain = alike(closed, closed).filter(cell => inkAlongSides(grey, ...cell) <= mostInkAlongSides);
  if (certain.length < fewestCells) return [];
  const cells = new Set(alike(closed, certain));
  // One between two others is a cell too, however its sides were drawn.
  return alike(pairs, certain).filter((cell, at, all) => {
    return cells.has(cell) || [all[at - 1], all[at + 1]].every(each => each !== undefined && cells.has(each));
  });
}

/** Those that are as wide as most of some cells. */
function alike(cells: readonly [Rule, Rule][], some: readonly [Rule, Rule][]): [Rule, Rule][] {
  const widthOf = ([left, right]: [Rule, Rule]) => right.left - left.right;
  const widths = some.map(widthOf).toSorted((one, other) => one - other);
  const middle = widths[widths.length >> 1] ?? 0;
  return cells.filter(cell => Math.abs(widthOf(cell) - middle) <= 1 + middle * unevenWidth);
}

/** Whether lines above and below join two rules. */
function isClosed(grey: Grey, left: Rule, right: Rule): boolean {
  const inside = right.left - left.right - 1;
  if (inside < 4 * tolerance) return false;
  const isSide = (row: number, inwards: 1 | -1) => {
    let drawn = 0;
    for (let x = left.right + 1; x < right.left; x++) if (isDrawn(grey, x, row, inwards)) drawn++;
    return drawn >= inside * closedShare;
  };
  return isSide(left.top, 1) && isSide(left.bottom - 1, -1);
}

/** Share of the pixels along the inside of a cell that are dark: strokes of letters touch each other there. */
function inkAlongSides({ data, width }: Grey, left: Rule, right: Rule): number {
  const [from, to] = [left.right + tolerance, right.left - tolerance];
  // Just inside the upper and the lower side, which are as thick as the others.
  const inset = left.right - left.left + tolerance;
  const [top, bottom] = [left.top + inset, left.bottom - inset];
  let [ink, pixels] = [0, 0];
  const look = (x: number, y: number) => {
    pixels++;
    if ((data[y * width + x] ?? 255) < ruleLevel) ink++;
  };
  for (let x = from; x <= to; x++) for (const y of [top, bottom]) look(x, y);
  for (let y = top; y <= bottom; y++) for (const x of [from, to]) look(x, y);
  return ink / pixels;
}

/** Whether a row of the picture, or one of the few next to it in the given direction, is dark there. */
function isDrawn({ data, width, height }: Grey, x: number, row: number, inwards: 1 | -1): boolean {
  for (let step = -1; step < tolerance; step++) {
    const y = row + step * inwards;
    if (y >= 0 && y < height && (data[y * width + x] ?? 255) < ruleLevel) return true;
  }
  return false;
}

function eraseCell(grey: Grey, left: Rule, right: Rule): void {
  const [first, last] = [Math.min(left.left, right.left) - 2, Math.max(left.right, right.right) + 2];
  const [top, bottom] = [Math.min(left.top, right.top), Math.max(left.bottom, right.bottom)];
  for (const rule of [left, right]) whiten(grey, rule.left - 2, rule.right + 2, top - 2, bottom + 2);
  whiten(grey, first, last, top - 2, top + tolerance);
  whiten(grey, first, last, bottom - tolerance, bottom + 2);
}

/**
 * Moves the letters of a row to the first one of those that stand without a gap; an empty cell becomes a space.
 * Nothing is moved over what is no cell. Writes into the picture.
 */
function closeUp(grey: Grey, cells: readonly [Rule, Rule][], perMm: number): CellRow {
  const { data, width } = grey;
  const [[first] = []] = cells;
  const [top, bottom] = [first?.top ?? 0, first?.bottom ?? 0];
  const gaps = cells.slice(1).map(([left], at) => left.left - (cells[at]?.[1].right ?? 0));
  const usualGap = gaps.toSorted((one, other) => one - other)[gaps.length >> 1] ?? 0;
  const moves: Move[] = [];
  let next: number | undefined;
  for (const [at, [left, right]] of cells.entries()) {
    if (at > 0 && (gaps[at - 1] ?? 0) > usualGap + widerGapMm * perMm) next = undefined;
    const ink = inkBetween(grey, left.right + 1, right.left, top, bottom);
    if (ink === undefined) {
      if (next !== undefined) next += Math.round(spaceMm * perMm);
      continue;
    }
    const size = ink.right - ink.left;
    const to = next ?? ink.left;
    for (let y = top; y < bottom; y++) {
      const row = new Uint8Array(data.subarray(y * width + ink.left, y * width + ink.right));
      data.fill(255, y * width + ink.left, y * width + ink.right);
      data.set(row, y * width + to);
    }
    moves.push({ from: ink.left, to, width: size });
    next = to + size + letterGapPixels;
  }
  return { top, bottom, moves };
}

/** First and last column with ink of a part of the picture; undefined when there is none. */
function inkBetween({ data, width }: Grey, left: number, right: number, top: number, bottom: number) {
  let found: { left: number; right: number } | undefined;
  for (let x = left; x < right; x++) {
    let ink = 0;
    for (let y = top; y < bottom; y++) if ((data[y * width + x] ?? 255) < ruleLevel) ink++;
    if (ink < 2) continue;
    found = { left: found?.left ?? Math.max(left, x - 1), right: Math.min(right, x + 2) };
  }
  return found;
}

function whiten({ data, width, height }: Grey, left: number, right: number, top: number, bottom: number) {
  for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++)
    data.fill(255, y * width + Math.max(0, left), y * width + Math.min(width - 1, right) + 1);
}
