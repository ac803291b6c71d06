import type { Grey } from './grey.ts';

/** A speck is darker than that, waves of security paper are brighter; what is above the second counts as nothing. */
const speck = 205;
const white = 215;
/** Lone specks per million pixels. Full stops and dots make up to 40. */
const manySpecks = 120;
const saltedSpecks = 4000;

/**
 * Takes dust out of a flattened page that has much of it: specks of three pixels at most with nothing around.
 * Writes into the picture.
 * @returns `salted` when there is so much that letters are hit too: the scan itself must be smoothed
 */
export function removeSpecks(grey: Grey): 'clean' | 'salted' {
  const { data, width } = grey;
  const found = loneSpecks(grey);
  const perMillion = (1_000_000 * found.length) / data.length;
  if (perMillion >= manySpecks)
    for (const at of found)
      for (let y = at - width; y <= at + width; y += width) data.fill(255, y - 1, y + 2);
  return perMillion < saltedSpecks ? 'clean' : 'salted';
}

/** Places of the middles of lone specks. */
function loneSpecks({ data, width, height }: Grey): number[] {
  const found: number[] = [];
  for (let y = 2; y < height - 2; y++)
    for (let x = 2, at = y * width + 2; x < width - 2; x++, at++) {
      const value = data[at] ?? 255;
      if (value >= speck) continue;
      // The darkest of its surroundings, so that each is met once.
      if ((data[at - 1] ?? 255) < value || (data[at + 1] ?? 255) <= value) continue;
      if ((data[at - width] ?? 255) < value || (data[at + width] ?? 255) <= value) continue;
      if (isWhiteAround(data, at, width)) found.push(at);
    }
  return found;
}

/** Whether the sixteen pixels two steps away are white. */
function isWhiteAround(data: Uint8Array, at: number, width: number): boolean {
  for (let step = -2; step <= 2; step++)
    if (
      (data[at - 2 * width + step] ?? 255) < white ||
      (data[at + 2 * width + step] ?? 255) < white ||
      (data[at + step * width - 2] ?? 255) < white ||
      (data[at + step * width + 2] ?? 255) < white
    )
      return false;
  return true;
}
