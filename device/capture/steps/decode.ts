import sharp from 'sharp';
import { limits } from '../../../protocol/limits.ts';
import { pageDpi } from './page-dpi.ts';
import { type Picture, pictureOf } from './picture.ts';

/** An A3 sheet at 200 dots per inch has 7.7 million; more costs a gigabyte of the engine's memory. */
const mostPixels = 10_000_000;

export interface Decoded {
  picture: Picture;
  /** Dots per inch of `picture`. */
  dpi: number;
  /** Dots per inch of the file, and whether its tag said so. */
  source: { dpi: number; tagged: boolean };
}

/**
 * Decodes a page as a person sees it (EXIF turn applied, transparency on white), no finer than `mostDpi`:
 * the file is decoded once and never held at its full size. Lone wrong pixels are smoothed away first when
 * it `isSalted`. Rejects when it cannot be decoded.
 */
export async function decodePage(bytes: Uint8Array, mostDpi: number, isSalted = false): Promise<Decoded> {
  const options = { failOn: 'error', limitInputPixels: limits.pagePixels, sequentialRead: true } as const;
  const { autoOrient, density, space } = await sharp(bytes, options).metadata();
  const { width, height } = autoOrient;
  const dpi = pageDpi(width, height, density);
  const scale = Math.min(1, mostDpi / dpi, Math.sqrt(mostPixels / (width * height)));
  const whole = sharp(bytes, options).autoOrient().flatten({ background: '#ffffff' });
  const scaled = (isSalted ? whole.median(3) : whole).resize({
    width: Math.max(1, Math.round(width * scale)),
    kernel: 'cubic',
  });
  const isGrey = space === 'b-w' || space === 'grey16';
  const picture = await pictureOf(
    isGrey ? scaled.greyscale().extractChannel(0) : scaled.toColourspace('srgb'),
  );
  return { picture, dpi: dpi * scale, source: { dpi, tagged: dpi === Math.round(density ?? 0) } };
}
