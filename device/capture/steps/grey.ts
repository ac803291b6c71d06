/** Grey pixels, one byte each, rows without padding; 0 is black. */
export interface Grey {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Pixels that are clearly darker than their surroundings. */
export interface Ink {
  xs: Uint16Array;
  ys: Uint16Array;
  /** Pixels looked at. */
  examined: number;
}

const blockPixels = 32;

/**
 * Ink against the local background: a grey copy, a yellow page and bleed-through from the back have no
 * single threshold. `contrast` is in grey levels below the block's mean; a margin is left out because
 * scanners draw shadows there.
 */
export function findInk(grey: Grey, contrast: number, marginPixels: number): Ink {
  const { data, width, height } = grey;
  const xs: number[] = [];
  const ys: number[] = [];
  let examined = 0;
  for (let top = marginPixels; top < height - marginPixels; top += blockPixels) {
    const bottom = Math.min(height - marginPixels, top + blockPixels);
    for (let left = marginPixels; left < width - marginPixels; left += blockPixels) {
      const right = Math.min(width - marginPixels, left + blockPixels);
      const pixels = (bottom - top) * (right - left);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += data[y * width + x] ?? 0;
      }
      const threshold = sum / pixels - contrast;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          if ((data[y * width + x] ?? 255) >= threshold) continue;
          xs.push(x);
          ys.push(y);
        }
      }
      examined += pixels;
    }
  }
  return { xs: Uint16Array.from(xs), ys: Uint16Array.from(ys), examined };
}

/** A copy that is smaller by a whole factor: each pixel the mean of a square. Left-over edges are cut off. */
export function shrinkGrey({ data, width, height }: Grey, factor: number): Grey {
  if (factor <= 1) return { data, width, height };
  const small = {
    width: Math.max(1, Math.floor(width / factor)),
    height: Math.max(1, Math.floor(height / factor)),
  };
  const sums = new Uint32Array(small.width);
  const out = new Uint8Array(small.width * small.height);
  for (let row = 0; row < small.height; row++) {
    sums.fill(0);
    for (let y = row * factor; y < (row + 1) * factor; y++) {
      let at = y * width;
      for (let column = 0; column < small.width; column++) {
        let sum = 0;
        for (let step = 0; step < factor; step++) sum += data[at++] ?? 0;
        sums[column] = (sums[column] ?? 0) + sum;
      }
    }
    const scale = 1 / (factor * factor);
    for (let column = 0; column < small.width; column++)
      out[row * small.width + column] = (sums[column] ?? 0) * scale;
  }
  return { data: out, ...small };
}
