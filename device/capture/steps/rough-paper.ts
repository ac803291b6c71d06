import type { Grey } from './grey.ts';

/** Side of the squares in which paper is looked at, and from one to the next, in pixels. */
const square = 32;
const stride = 64;
/** Darker is print; brighter, up to white, is grain. */
const printLevel = 128;
const whiteFrom = 228;
/** Share of grain in a square of rough paper, and share of such squares in a page of it. */
const grainShare = 0.05;
const roughShare = 0.5;

/**
 * Softens a flattened page whose paper is rough all over: tones that a scanner made of dots (error diffusion,
 * halftone), patterns of security paper. The engine takes ten times as long over the dots, and then may find no
 * letter at all. The same picture when the paper is smooth.
 */
export function smoothRoughPaper(grey: Grey): Grey {
  return isRough(grey) ? softened(grey) : grey;
}

/** Whether most squares hold grain and no print: faint print leaves margins, spaces between lines and their ends free. */
function isRough({ data, width, height }: Grey): boolean {
  let [rough, squares] = [0, 0];
  for (let top = 0; top + square <= height; top += stride)
    for (let left = 0; left + square <= width; left += stride) {
      let [dark, grain] = [0, 0];
      for (let y = top; y < top + square; y++)
        for (let at = y * width + left; at < y * width + left + square; at++) {
          const level = data[at] ?? 255;
          if (level < printLevel) dark++;
          else if (level < whiteFrom) grain++;
        }
      squares++;
      if (dark === 0 && grain > grainShare * square * square) rough++;
    }
  return rough > roughShare * squares;
}

/** Each pixel with its eight neighbours, the nearer ones counting more; what then comes near paper becomes white. */
function softened({ data, width, height }: Grey): Grey {
  const out = new Uint8Array(data);
  /** Of three pixels above each other, the middle one twice. */
  const sums = new Uint16Array(width);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++)
      sums[x] = (data[at - width] ?? 0) + 2 * (data[at] ?? 0) + (data[at + width] ?? 0);
    for (let x = 1; x < width - 1; x++) {
      const level = ((sums[x - 1] ?? 0) + 2 * (sums[x] ?? 0) + (sums[x + 1] ?? 0)) / 16;
      out[y * width + x] = level >= whiteFrom ? 255 : level;
    }
  }
  return { data: out, width, height };
}
