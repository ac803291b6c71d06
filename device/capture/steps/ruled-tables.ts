import type { Grey } from './grey.ts';

/** A cell between rules, in pixels of the page, its rules not included. */
export interface TableCell {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A table: its rows, a row its cells from left to right. A cell that spans rows is in the first of them. */
export type RuledTable = readonly (readonly TableCell[])[];

/** Rules are thin and often grey. */
const ruleLevel = 185;
const widestRuleMm = 1.2;
/** Shorter strokes are letters. */
const shortest = { upright: 4, level: 9 };
const leastCellMm = 3;
/** How far rules may miss each other. */
const toleranceMm = 0.7;
/** What a stamp or noise takes out of a rule. */
const gapMm = 3;
/** More cells are a pattern. */
const mostCells = 1500;
const millimetresPerInch = 25.4;

/** A rule: where it lies across its direction, and from where to where it runs. */
interface Rule {
  from: number;
  to: number;
  near: number;
  far: number;
}

/**
 * Tables with rules between their cells; frames of one cell are none.
 * @param grey a straightened page, its paper white
 */
export function ruledTables({ data, width, height }: Grey, dpi: number): RuledTable[] {
  const perMm = dpi / millimetresPerInch;
  const gap = gapMm * perMm;
  const down: Direction = { across: [width, 1], along: [height, width], stride: 2, mayMiss: 0 };
  const uprights = rulesOf(data, down, shortest.upright * perMm, gap);
  if (uprights.length < 3) return [];
  const right: Direction = { across: [height, width], along: [width, 1], stride: 4, mayMiss: 1 };
  const levels = rulesOf(data, right, shortest.level * perMm, gap);
  const thin = ({ near, far }: Rule) => far - near <= widestRuleMm * perMm;
  const cells = cellsBetween(uprights.filter(thin), levels.filter(thin), perMm);
  return cells.length > mostCells ? [] : tablesOf(cells, toleranceMm * perMm);
}

interface Direction {
  /** How many pixels, and how far one is from the next in memory. */
  across: [count: number, step: number];
  along: [count: number, step: number];
  /** Every how many pixels along a rule the picture is looked at, and how many looks one after the other may miss it. */
  stride: number;
  mayMiss: 0 | 1;
}

/**
 * Dark runs of at least the given length; a run may wander sideways, as on a page that is not quite straight.
 * Of an upright rule no look may miss, or figures between close rules would become rules.
 */
function rulesOf(
  data: Uint8Array,
  { across, along, stride, mayMiss }: Direction,
  least: number,
  gap: number,
): Rule[] {
  const [lanes, laneStep] = across;
  const [length, step] = along;
  const begun = new Int32Array(lanes).fill(-1);
  const last = new Int32Array(lanes);
  const rules: Rule[] = [];
  for (let at = 0; at < length + (1 + mayMiss) * stride; at += stride) {
    for (let lane = 1; lane < lanes - 1; lane++) {
      const place = lane * laneStep + at * step;
      const isDark =
        at < length &&
        ((data[place] ?? 255) < ruleLevel ||
          (data[place - laneStep] ?? 255) < ruleLevel ||
          (data[place + laneStep] ?? 255) < ruleLevel);
      const start = begun[lane] ?? -1;
      if (isDark) {
        if (start < 0) begun[lane] = at;
        last[lane] = at;
      } else if (start >= 0 && at - (last[lane] ?? 0) > mayMiss * stride) {
        const to = last[lane] ?? 0;
        if (to - start >= least) join(rules, { from: start, to, near: lane, far: lane }, 0);
        begun[lane] = -1;
      }
    }
  }
  const joined: Rule[] = [];
  for (const rule of rules) join(joined, rule, gap);
  return joined;
}

/** Adds a run to the rule that it is a part of, or goes on after a gap. */
function join(rules: Rule[], run: Rule, gap: number): void {
  const [first, ...others] = rules.filter(
    rule =>
      run.near <= rule.far + 1 &&
      run.far >= rule.near - 1 &&
      run.from <= rule.to + gap &&
      run.to >= rule.from - gap,
  );
  if (first === undefined) {
    rules.push({ ...run });
    return;
  }
  for (const rule of [run, ...others]) {
    first.from = Math.min(first.from, rule.from);
    first.to = Math.max(first.to, rule.to);
    first.near = Math.min(first.near, rule.near);
    first.far = Math.max(first.far, rule.far);
    const at = rules.indexOf(rule);
    if (at >= 0) rules.splice(at, 1);
  }
}

const middleOf = ({ near, far }: Rule) => (near + far) / 2;

function cellsBetween(uprights: readonly Rule[], levels: readonly Rule[], perMm: number): TableCell[] {
  const [tolerance, least] = [toleranceMm * perMm, leastCellMm * perMm];
  const sorted = levels.toSorted((one, other) => one.near - other.near);
  return sorted.flatMap(upper => {
    const y = middleOf(upper);
    const sides = uprights
      .filter(
        side =>
          side.from <= y + tolerance &&
          side.to >= y + least &&
          middleOf(side) >= upper.from - tolerance &&
          middleOf(side) <= upper.to + tolerance,
      )
      .toSorted((one, other) => one.near - other.near);
    return sides.slice(1).flatMap((right, at): TableCell[] => {
      const left = sides[at];
      if (left === undefined || right.near - left.far < least) return [];
      const lower = sorted.find(
        rule =>
          middleOf(rule) > y + least &&
          rule.from <= left.far + tolerance &&
          rule.to >= right.near - tolerance,
      );
      if (lower === undefined || middleOf(lower) > Math.min(left.to, right.to) + tolerance) return [];
      return [{ left: left.far, right: right.near, top: upper.far, bottom: lower.near }];
    });
  });
}

/** Cells that share a side. */
function tablesOf(cells: readonly TableCell[], tolerance: number): RuledTable[] {
  const reach = 3 * tolerance;
  const touch = (one: TableCell, other: TableCell) =>
    one.left <= other.right + reach &&
    other.left <= one.right + reach &&
    one.top <= other.bottom + reach &&
    other.top <= one.bottom + reach;
  const tables: TableCell[][] = [];
  for (const cell of cells) {
    const mine = tables.filter(table => table.some(each => touch(each, cell)));
    const whole = [...mine.flat(), cell];
    for (const table of mine) tables.splice(tables.indexOf(table), 1);
    tables.push(whole);
  }
  return tables.filter(({ length }) => length > 1).map(table => inRowsOf(table, tolerance));
}

function inRowsOf(table: readonly TableCell[], tolerance: number): RuledTable {
  const rows: TableCell[][] = [];
  for (const cell of table.toSorted((one, other) => one.top - other.top)) {
    const row = rows.at(-1);
    if (row?.[0] !== undefined && cell.top - row[0].top <= tolerance) row.push(cell);
    else rows.push([cell]);
  }
  return rows.map(row => row.toSorted((one, other) => one.left - other.left));
}
