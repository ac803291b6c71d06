import { type Grey, shrinkGrey } from './grey.ts';
import { inkRows } from './ink-rows.ts';

/** Height of the strip, as a share of the page. */
const stripShare = 1 / 10;
/** The copy on which lines are looked at; its print is darker than `print`, ends within `near` pixels are level. */
const shrink = 4;
const print = 215;
const near = 2;
const margin = 0.03;
/** Fewer lines say nothing, and neither does a small difference of their shares. */
const fewestLines = 5;
const clearly = 0.15;

/** The page turned by half a turn. */
export function upsideDown({ data, width, height }: Grey): Grey {
  return { data: data.toReversed(), width, height };
}

/** The strip of a flattened page with most ink: enough to tell which side is up, at a fraction of the cost. */
export function densestStrip(grey: Grey): Grey {
  const { data, width, height } = grey;
  const rows = Math.max(1, Math.round(height * stripShare));
  const ink = inkRows(grey);
  let sum = 0;
  let best = { top: 0, sum: -1 };
  for (let y = 0; y < height; y++) {
    sum += (ink[y] ?? 0) - (ink[y - rows] ?? 0);
    const top = y - rows + 1;
    if (top >= 0 && sum > best.sum) best = { top, sum };
  }
  return { data: data.subarray(best.top * width, (best.top + rows) * width), width, height: rows };
}

/**
 * Whether a page seems to stand on its head: lines begin under each other and end where they end, so that
 * the side on which more of them are level is the left one. It only says what to try first.
 */
export function seemsUpsideDown(grey: Grey): boolean {
  const { starts, ends } = endsOfLines(shrinkGrey(grey, shrink));
  if (starts.length < fewestLines) return false;
  return mostLevel(ends) - mostLevel(starts) > starts.length * clearly;
}

/** Where the print of each line begins and ends. */
function endsOfLines({ data, width, height }: Grey): { starts: number[]; ends: number[] } {
  const [starts, ends]: [number[], number[]] = [[], []];
  const [from, to] = [Math.round(width * margin), Math.round(width * (1 - margin))];
  let line: { start: number; end: number; rows: number } | undefined;
  for (let y = 0; y <= height; y++) {
    let first = from;
    while (first < to && (y === height || (data[y * width + first] ?? 255) >= print)) first++;
    if (first === to) {
      // One row alone is a rule or dust.
      if (line !== undefined && line.rows > 1) {
        starts.push(line.start);
        ends.push(line.end);
      }
      line = undefined;
      continue;
    }
    let last = to - 1;
    while ((data[y * width + last] ?? 255) >= print) last--;
    line = {
      start: Math.min(line?.start ?? first, first),
      end: Math.max(line?.end ?? last, last),
      rows: (line?.rows ?? 0) + 1,
    };
  }
  return { starts, ends };
}

/** How many places lie close to one and the same. */
function mostLevel(places: readonly number[]): number {
  return Math.max(...places.map(one => places.filter(other => Math.abs(other - one) <= near).length));
}
