import { limits } from '../../protocol/limits.ts';
import { imageLibrary } from './image-library.ts';
import { pagesOfPdf } from './pages-of-pdf.ts';
import { refused, type TakenFile, type TakePage, takePages } from './take-pages.ts';
import { tiffCompression } from './tiff-compression.ts';

/** Where readers look for the signature of a PDF. */
const pdfHeadBytes = 1024;
const jpegQuality = 92;
/** What libtiff of sharp unpacks: none, fax, LZW, JPEG, deflate, PackBits. */
const knownCompressions = new Set([1, 2, 3, 4, 5, 7, 8, 32773, 32946]);

/**
 * The pages of a file from a multi-function printer: a picture, a TIFF of several, or a PDF. All of them or
 * none: half a file would look like the whole of it. The same file gives the same pages.
 * @throws AppError `setup.package-missing` for a PDF without poppler-utils
 */
export async function pagesOfFile(bytes: Uint8Array, take: TakePage): Promise<TakenFile> {
  if (bytes.length > limits.pageBytes)
    return refused('capture.too-large', { megabytes: Math.ceil(bytes.length / 1024 ** 2) });
  if (Buffer.from(bytes.subarray(0, pdfHeadBytes)).includes('%PDF-'))
    return await pagesOfPdf(bytes, 'refuse', take);
  const compression = tiffCompression(bytes);
  const count = compression === undefined ? 1 : await pagesOfTiff(bytes);
  if (count > limits.documentPages)
    return refused('capture.too-many-pages', { pages: count, most: limits.documentPages });
  const found = count > 1 ? await splitTiff(bytes, count, take) : await takePages([async () => bytes], take);
  const isDamaged = found.kind === 'refused' && found.code === 'capture.damaged';
  return isDamaged && compression !== undefined && !knownCompressions.has(compression)
    ? refused('capture.unknown-compression', { compression })
    : found;
}

async function pagesOfTiff(bytes: Uint8Array): Promise<number> {
  const sharp = await imageLibrary();
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  return metadata?.pages ?? 1;
}

/** Black-and-white pages stay as they are, in PNG; others become JPEG. */
async function splitTiff(bytes: Uint8Array, count: number, take: TakePage): Promise<TakenFile> {
  const sharp = await imageLibrary();
  const files: Uint8Array[] = [];
  for (let page = 0; page < count; page++) {
    const options = { page, failOn: 'error', limitInputPixels: limits.pagePixels } as const;
    try {
      const { width, height, density, depth, bitsPerSample } = await sharp(bytes, {
        ...options,
        limitInputPixels: false,
      }).metadata();
      if (width * height > limits.pagePixels) return refused('capture.too-many-pixels');
      const picture = sharp(bytes, options).withMetadata(density === undefined ? {} : { density });
      const isBilevel = bitsPerSample === 1 || depth === ('1bit' as typeof depth);
      files.push(
        await (isBilevel
          ? picture.png({ palette: true, colours: 2 })
          : picture.jpeg({ quality: jpegQuality })
        ).toBuffer(),
      );
    } catch {
      // Whatever the decoder's complaint, the answer to the clerk is the same.
      return refused('capture.damaged', { page });
    }
  }
  return await takePages(
    files.map(file => async () => file),
    take,
  );
}
