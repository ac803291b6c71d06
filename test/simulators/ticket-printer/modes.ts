import type { Style } from './paper.ts';

/** What `ESC @` resets. */
export interface Modes {
  style: Style;
  align: 0 | 1 | 2;
  codePage: number;
  kanji: boolean;
  lineSpacingDots: number;
  /** Motion units per inch, which `GS P` sets. */
  unitsPerInch: number;
  qr: { model: number; moduleDots: number; level: 'L' | 'M' | 'Q' | 'H'; data: Uint8Array };
}

export const dotsPerInch = 203;

/**
 * As after power-on. The motion unit is half a dot, as on some makes, so that a driver which relies on
 * whole dots without saying so prints a crooked ticket here. Kanji mode is on, as on Chinese makes.
 */
export function initialModes(): Modes {
  return {
    style: { font: 'a', widthTimes: 1, heightTimes: 1, bold: false, underline: false, reverse: false },
    align: 0,
    codePage: 0,
    kanji: true,
    lineSpacingDots: 34,
    unitsPerInch: dotsPerInch * 2,
    qr: { model: 50, moduleDots: 3, level: 'L', data: new Uint8Array() },
  };
}

/** Motion units as whole dots. */
export function dots(modes: Modes, units: number): number {
  return Math.round((units * dotsPerInch) / modes.unitsPerInch);
}
