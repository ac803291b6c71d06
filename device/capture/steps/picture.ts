import sharp, { type Sharp } from 'sharp';
import type { Grey } from './grey.ts';

/** A decoded page: one byte per channel, rows without padding, 1 channel (grey) or 3 (sRGB). */
export interface Picture {
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3;
}

/** The picture as libvips takes it. */
export function vips({ data, width, height, channels }: Picture): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/** What comes out of a chain of libvips, without an alpha channel. */
export async function pictureOf(chain: Sharp): Promise<Picture> {
  const { data, info } = await chain.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 1 && info.channels !== 3) throw new Error(`${info.channels} channels`);
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** Brightness as the eye sees it (ITU-R BT.601). */
export function greyOf({ data, width, height, channels }: Picture): Grey {
  if (channels === 1) return { data, width, height };
  const grey = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at++, from += 3) {
    const red = data[from] ?? 0;
    const green = data[from + 1] ?? 0;
    const blue = data[from + 2] ?? 0;
    grey[at] = (red * 77 + green * 150 + blue * 29) >> 8;
  }
  return { data: grey, width, height };
}

/** Turns by quarters, clockwise. Nothing is resampled. */
export async function turned(picture: Picture, quarters: 1 | 2 | 3): Promise<Picture> {
  return await pictureOf(vips(picture).rotate(quarters * 90));
}
