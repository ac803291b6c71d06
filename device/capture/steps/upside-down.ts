import type { Grey } from './grey.ts';
import { inkRows } from './ink-rows.ts';

/** Height of the strip, as a share of the page. */
const stripShare = 1 / 7;

/** The page turned by half a turn. */
export function upsideDown({ data, width, height }: Grey): Grey {
  return { data: data.toReversed(), width, height };
}

/** The strip of a flattened page with most ink: enough to tell which side is up, at a seventh of the cost. */
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
