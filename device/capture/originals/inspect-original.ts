import { limits } from '../../../protocol/limits.ts';
import { sourceOf } from '../../../protocol/package/byte-source.ts';
import { sourceContent } from '../../../protocol/package/entry.ts';
import { verifyCades } from '../../../protocol/signature/cades.ts';
import { pagesOfPdf } from '../pages-of-pdf.ts';
import { type RefusedFile, refused, type TakePage } from '../take-pages.ts';
import { readDetachedSignature } from './detached-signature.ts';
import { decodeXml } from './xml-text.ts';

export type OriginalMediaType = 'application/pdf' | 'application/xml';

export type InspectedOriginal = { kind: 'original'; mediaType: OriginalMediaType } | RefusedFile;

/**
 * Judges a file that is to be passed on untouched, with the detached signature that came with it. Nothing in
 * it is run. Who signed is not judged here: that is the agency's; but a signature of another file is refused,
 * which is the mistake that people make. `take` gets pictures of the pages of a PDF, for reading only.
 * @throws AppError `setup.package-missing` without poppler-utils
 */
export async function inspectOriginal(
  bytes: Uint8Array,
  signature: Uint8Array | undefined,
  at: Date,
  take: TakePage,
): Promise<InspectedOriginal> {
  if (bytes.length === 0) return refused('capture.empty');
  if (bytes.length > limits.pageBytes)
    return refused('capture.too-large', { megabytes: Math.ceil(bytes.length / 1024 ** 2) });
  if (signature !== undefined) {
    const der = readDetachedSignature(signature);
    if (der === undefined) return refused('capture.signature-unreadable');
    // Piece by piece: a GOST digest of the largest file takes most of a second.
    const content = sourceContent(sourceOf(bytes));
    const { reason } = await verifyCades({ signature: der, content, anchors: [], at });
    if (reason === 'HASH_FAILURE') return refused('capture.signature-of-another');
  }
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-') {
    const drawn = await pagesOfPdf(bytes, 'draw', take);
    return drawn.kind === 'refused' ? drawn : { kind: 'original', mediaType: 'application/pdf' };
  }
  if ((await decodeXml(bytes)) === undefined) return refused('capture.not-an-original');
  return { kind: 'original', mediaType: 'application/xml' };
}
