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

/** A copy that is smaller by a whole factor: each pixel the mean of a square. Left-over edges are cut off. */
export function shrink(picture: Picture, factor: number): Picture {
  const { data, channels } = picture;
  if (factor <= 1) return picture;
  const width = Math.max(1, Math.floor(picture.width / factor));
  const height = Math.max(1, Math.floor(picture.height / factor));
  const sums = new Uint32Array(width * channels);
  const out = new Uint8Array(width * height * channels);
  const scale = 1 / (factor * factor);
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    for (let y = row * factor; y < (row + 1) * factor; y++) {
      let at = y * picture.width * channels;
      for (let to = 0; to < sums.length; to += channels)
        for (let step = 0; step < factor; step++)
          for (let channel = 0; channel < channels; channel++)
            sums[to + channel] = (sums[to + channel] ?? 0) + (data[at++] ?? 0);
    }
    for (let to = 0; to < sums.length; to++) out[row * sums.length + to] = (sums[to] ?? 0) * scale;
  }
  return { data: out, width, height, channels };
}

/** Every how many pixels the colour of the paper is looked at. */
const paperStride = 11;
/** Share of a page that is darker than its paper, at most. */
const paperShare = 0.6;

/** The colour of the paper: what the brighter part of the page has. Fills the corners when a page is turned. */
export function paperColour({ data, channels }: Picture): { r: number; g: number; b: number } {
  const [r = 255, g = r, b = r] = Array.from({ length: channels }, (_, channel) => {
    const levels: number[] = [];
    for (let at = channel; at < data.length; at += channels * paperStride) levels.push(data[at] ?? 255);
    return Uint8Array.from(levels).sort()[Math.floor(levels.length * paperShare)] ?? 255;
  });
  return { r, g, b };
}

/** Turns by quarters, clockwise. Nothing is resampled. */
export async function turned(picture: Picture, quarters: number): Promise<Picture> {
  return await pictureOf(vips(picture).rotate(quarters * 90));
}
