import sharp from 'sharp';

/** A picture as the print head burns it: rows of bytes, eight dots each, the highest bit leftmost, 1 is black. */
export interface Bitmap {
  widthDots: number;
  heightDots: number;
  /** `ceil(widthDots / 8)` bytes a row. */
  rows: Uint8Array;
}

/** Half grey is the border between paper and ink. */
const threshold = 128;

/** Makes dots of a picture that sharp can read (SVG, PNG, …), over white. Throws what sharp throws. */
export async function bitmapOf(picture: Uint8Array, widthDots?: number): Promise<Bitmap> {
  const { data, info } = await sharp(picture, { limitInputPixels: 20_000_000 })
    .flatten({ background: '#fff' })
    .resize(widthDots ? { width: widthDots } : undefined)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const rowBytes = Math.ceil(info.width / 8);
  const rows = new Uint8Array(rowBytes * info.height);
  for (let y = 0; y < info.height; y++)
    for (let x = 0; x < info.width; x++) {
      if ((data[(y * info.width + x) * info.channels] ?? 255) >= threshold) continue;
      rows[y * rowBytes + (x >> 3)] = (rows[y * rowBytes + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
    }
  withoutRealTimeCommands(rows);
  return { widthDots: info.width, heightDots: info.height, rows };
}

/**
 * A printer obeys `DLE EOT`, `DLE ENQ` and `DLE DC4` on arrival, also amid a picture. Moving one dot of
 * such a pair by its own width is seen by nobody.
 */
function withoutRealTimeCommands(rows: Uint8Array): void {
  for (let at = 0; at < rows.length; at++)
    if (rows[at] === 0x10 && [0x04, 0x05, 0x14].includes(rows[at + 1] ?? 0)) rows[at] = 0x08;
}

/** The dots as a PNG, one pixel each, black on white. */
export function pngOf({ widthDots, heightDots, rows }: Bitmap): Promise<Buffer> {
  const rowBytes = Math.ceil(widthDots / 8);
  const pixels = new Uint8Array(widthDots * heightDots);
  for (let y = 0; y < heightDots; y++)
    for (let x = 0; x < widthDots; x++)
      pixels[y * widthDots + x] = ((rows[y * rowBytes + (x >> 3)] ?? 0) << (x & 7)) & 0x80 ? 0 : 255;
  return sharp(pixels, { raw: { width: widthDots, height: heightDots, channels: 1 } })
    .png()
    .toBuffer();
}
