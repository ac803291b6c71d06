import type { Make } from './makes.ts';
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
  /** Dots that `ESC SP` adds on the right of each character. */
  spacingDots: number;
  /** `GS L` and `GS W`: where printing may begin and how far it reaches, in dots. */
  leftDots: number;
  areaDots: number;
  qr: { model: number; moduleDots: number; level: 'L' | 'M' | 'Q' | 'H'; data: Uint8Array };
}

/**
 * As after power-on. The motion unit is half a dot, as on some makes, so that a driver which relies on
 * whole dots without saying so prints a crooked ticket here.
 */
export function initialModes(make: Make): Modes {
  return {
    style: { font: 'a', widthTimes: 1, heightTimes: 1, bold: false, underline: false, reverse: false },
    align: 0,
    codePage: 0,
    kanji: make.wakesInKanji,
    lineSpacingDots: 34,
    unitsPerInch: make.dotsPerInch * 2,
    spacingDots: 0,
    leftDots: 0,
    areaDots: make.widthDots,
    qr: { model: 50, moduleDots: 3, level: 'L', data: new Uint8Array() },
  };
}

/** Motion units as whole dots. */
export function dots(modes: Modes, make: Make, units: number): number {
  return Math.round((units * make.dotsPerInch) / modes.unitsPerInch);
}
