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
