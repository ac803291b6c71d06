import sharp from 'sharp';
import type { Picture } from '../steps/picture.ts';
import { vips } from '../steps/picture.ts';

const jpegQuality = 60;

/**
 * The archive's picture of a page: JPEG of all its colours, which are sRGB as the PDF says; the size of the sheet
 * stands there too. Metadata of its own would make libvips convert each pixel, which takes as long as the JPEG.
 */
export async function pagePicture(picture: Picture, isUpsideDown: boolean): Promise<Uint8Array> {
  const upright = isUpsideDown ? vips(picture).rotate(180) : vips(picture);
  return await upright.jpeg({ quality: jpegQuality }).toBuffer();
}

/** A crossed-out A4 sheet, for a page whose picture is lost: the pages after it keep their numbers. */
export async function missingPage() {
  const [width, height, dpi] = [827, 1169, 100];
  const cross = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <path d="M0 0L${width} ${height}M${width} 0L0 ${height}" stroke="#888" stroke-width="3"/></svg>`;
  const jpeg = await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite([{ input: Buffer.from(cross) }])
    .greyscale()
    .jpeg({ quality: jpegQuality })
    .toBuffer();
  return { jpeg, width, height, dpi, words: [] };
}
