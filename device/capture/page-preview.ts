import { imageLibrary } from './image-library.ts';

/** What intake took is shown, also where a decoder has something to say about it: the clerk must see the damage. */
const options = { failOn: 'none' } as const;
const thumbnailWidth = 240;
/** Longer strips than this are no pages; they are shown small, and whole. */
const thumbnailHeight = 960;

/** A small upright picture of a page that was taken in, JPEG. */
export async function thumbnailOf(page: Uint8Array): Promise<Buffer> {
  const sharp = await imageLibrary();
  return await sharp(page, options)
    .rotate()
    .resize({ width: thumbnailWidth, height: thumbnailHeight, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 75 })
    .toBuffer();
}

/** A page in a format that browsers show: they show no TIFF. */
export async function pageAsJpeg(page: Uint8Array): Promise<Buffer> {
  const sharp = await imageLibrary();
  return await sharp(page, options).jpeg().toBuffer();
}
