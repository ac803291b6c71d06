import type { ErrorDetails } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { imageLibrary } from './image-library.ts';
import { pageDpi } from './steps/page-dpi.ts';

export type PageMediaType = 'image/jpeg' | 'image/png' | 'image/tiff';

export type Inspected =
  | { kind: 'page'; mediaType: PageMediaType; width: number; height: number; dpi: number }
  | { kind: 'refused'; code: ErrorCode; details: ErrorDetails };

/** First bytes of the three formats that scanners and multi-function printers write. */
const signatures: { mediaType: PageMediaType; format: string; bytes: number[] }[] = [
  { mediaType: 'image/jpeg', format: 'jpeg', bytes: [0xff, 0xd8, 0xff] },
  { mediaType: 'image/png', format: 'png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { mediaType: 'image/tiff', format: 'tiff', bytes: [0x49, 0x49, 0x2a, 0x00] },
  { mediaType: 'image/tiff', format: 'tiff', bytes: [0x4d, 0x4d, 0x00, 0x2a] },
];

/**
 * Judges bytes that claim to be a page, before anything is promised about them. The whole picture is
 * decoded: a scan cut short by a full disk or a pulled cable has a good beginning.
 * Width and height are pixels as a person sees the page (EXIF orientation applied).
 */
export async function inspectPage(bytes: Uint8Array): Promise<Inspected> {
  if (bytes.length === 0) return refused('capture.empty');
  if (bytes.length > limits.pageBytes) {
    return refused('capture.too-large', { megabytes: Math.ceil(bytes.length / 1024 ** 2) });
  }
  const signature = signatures.find(each => each.bytes.every((byte, at) => bytes[at] === byte));
  if (signature === undefined) return refused('capture.not-an-image');

  const sharp = await imageLibrary();
  // The limit is ours, below, so that «too many pixels» is told apart from «damaged».
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (metadata === undefined) return refused('capture.damaged');
  // libvips sniffs too; a file that is two things at once is refused.
  if (metadata.format !== signature.format) return refused('capture.not-an-image');
  if ((metadata.pages ?? 1) > 1) return refused('capture.not-an-image', { pages: metadata.pages });
  if (metadata.width * metadata.height > limits.pagePixels) return refused('capture.too-many-pixels');
  if (!(await decodes(bytes))) return refused('capture.damaged');

  const { width, height } = metadata.autoOrient;
  return {
    kind: 'page',
    mediaType: signature.mediaType,
    width,
    height,
    dpi: pageDpi(width, height, metadata.density),
  };
}

/**
 * Runs through every row but keeps only a thumbnail: 100 million pixels would be 300 MB. A strip of one pixel
 * is not widened, which would make a gigabyte of six thousand bytes.
 */
async function decodes(bytes: Uint8Array): Promise<boolean> {
  const sharp = await imageLibrary();
  try {
    await sharp(bytes, { failOn: 'error', sequentialRead: true, limitInputPixels: limits.pagePixels })
      .resize({ width: 64, height: 64, fit: 'inside', withoutEnlargement: true })
      .raw()
      .toBuffer();
    return true;
  } catch {
    // Whatever the decoder's complaint, the answer to the clerk is the same: scan the sheet again.
    return false;
  }
}

function refused(code: ErrorCode, details: ErrorDetails = {}): Inspected {
  return { kind: 'refused', code, details };
}
