import type { Grey } from './grey.ts';

/** Height of the strip, as a share of the page. */
const stripShare = 1 / 7;
const dark = 140;

/** The page turned by half a turn. */
export function upsideDown({ data, width, height }: Grey): Grey {
  return { data: data.toReversed(), width, height };
}

/** The strip of a flattened page with most ink: enough to tell which side is up, at a seventh of the cost. */
export function densestStrip({ data, width, height }: Grey): Grey {
  const rows = Math.max(1, Math.round(height * stripShare));
  let sum = 0;
  let best = { top: 0, sum: -1 };
  const ink = Array.from({ length: height }, (_, y) => {
    let count = 0;
    for (let at = y * width, end = at + width; at < end; at++) if ((data[at] ?? 255) < dark) count++;
    return count;
  });
  for (let y = 0; y < height; y++) {
    sum += (ink[y] ?? 0) - (ink[y - rows] ?? 0);
    const top = y - rows + 1;
    if (top >= 0 && sum > best.sum) best = { top, sum };
  }
  return { data: data.subarray(best.top * width, (best.top + rows) * width), width, height: rows };
}
