import type { ErrorDetails } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { imageLibrary } from './image-library.ts';
import { inspectPage, type PageMediaType } from './intake.ts';
import { pagesOfPdf } from './pages-of-pdf.ts';
import { tiffCompression } from './tiff-compression.ts';

export type FilePages =
  | { kind: 'pages'; pages: { bytes: Uint8Array; mediaType: PageMediaType }[] }
  | { kind: 'refused'; code: ErrorCode; details: ErrorDetails };

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
export async function pagesOfFile(bytes: Uint8Array): Promise<FilePages> {
  if (bytes.length > limits.pageBytes)
    return refused('capture.too-large', { megabytes: Math.ceil(bytes.length / 1024 ** 2) });
  if (Buffer.from(bytes.subarray(0, pdfHeadBytes)).includes('%PDF-'))
    return await checked(await pagesOfPdf(bytes));
  const compression = tiffCompression(bytes);
  const count = compression === undefined ? 1 : await pagesOfTiff(bytes);
  if (count > limits.documentPages)
    return refused('capture.too-many-pages', { pages: count, most: limits.documentPages });
  const found = count > 1 ? await splitTiff(bytes, count) : await checked({ kind: 'files', files: [bytes] });
  const isDamaged = found.kind === 'refused' && found.code === 'capture.damaged';
  return isDamaged && compression !== undefined && !knownCompressions.has(compression)
    ? refused('capture.unknown-compression', { compression })
    : found;
}

async function checked(
  split: { kind: 'files'; files: Uint8Array[] } | { kind: 'refused'; code: ErrorCode; details: ErrorDetails },
): Promise<FilePages> {
  if (split.kind === 'refused') return split;
  const pages = [];
  for (const bytes of split.files) {
    const inspected = await inspectPage(bytes);
    if (inspected.kind === 'refused') return inspected;
    pages.push({ bytes, mediaType: inspected.mediaType });
  }
  return { kind: 'pages', pages };
}

async function pagesOfTiff(bytes: Uint8Array): Promise<number> {
  const sharp = await imageLibrary();
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  return metadata?.pages ?? 1;
}

/** Black-and-white pages stay as they are, in PNG; others become JPEG. */
async function splitTiff(bytes: Uint8Array, count: number): Promise<FilePages> {
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
  return await checked({ kind: 'files', files });
}

function refused(code: ErrorCode, details: ErrorDetails = {}): FilePages {
  return { kind: 'refused', code, details };
}
