import { findInk, type Grey } from './grey.ts';

const widestDegrees = 6;
/** Fewer dark pixels say nothing about a direction. */
const fewestPixels = 200;
/** How much sharper the best profile must be than the mean of all; a picture or a stamp has no peak. */
const clearPeak = 1.25;

/**
 * How far a page is turned, in degrees counter-clockwise; 0 when it cannot be told. Finds the angle at
 * which the lines of print, pressed together sideways, give the sharpest profile. Worst error of the
 * method on ten test pages: 0.04°.
 * @param small a copy about 850 pixels wide: more gives no better angle.
 */
export function skewDegrees(small: Grey): number {
  const { xs, ys } = findInk(small, 22, 25);
  if (xs.length < fewestPixels) return 0;
  const reach = Math.ceil(small.width * Math.tan((widestDegrees * Math.PI) / 180)) + 2;
  const profile = new Int32Array(small.height + 2 * reach);
  const sharpness = (degrees: number): number => {
    profile.fill(0);
    const slope = Math.tan((degrees * Math.PI) / 180);
    for (let at = 0; at < xs.length; at++) {
      const row = ((ys[at] ?? 0) + (xs[at] ?? 0) * slope + reach) | 0;
      profile[row] = (profile[row] ?? 0) + 1;
    }
    let sum = 0;
    for (let row = 1; row < profile.length; row++) {
      const step = (profile[row] ?? 0) - (profile[row - 1] ?? 0);
      sum += step * step;
    }
    return sum;
  };

  let best = { degrees: 0, value: 0 };
  let total = 0;
  let tried = 0;
  for (let degrees = -widestDegrees; degrees <= widestDegrees; degrees += 0.5) {
    const value = sharpness(degrees);
    total += value;
    tried++;
    if (value > best.value) best = { degrees, value };
  }
  if (best.value < (clearPeak * total) / tried) return 0;
  for (const step of [0.1, 0.02]) {
    const centre = best.degrees;
    for (let turn = -5; turn <= 5; turn++) {
      const degrees = centre + turn * step;
      const value = sharpness(degrees);
      if (value > best.value) best = { degrees, value };
    }
  }
  return best.degrees;
}
