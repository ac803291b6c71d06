import type { ErrorDetails } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { inspectPage, type PageMediaType } from './intake.ts';

/** Gets the pages of a file in their order, one at a time. */
export type TakePage = (page: { bytes: Uint8Array; mediaType: PageMediaType }) => Promise<void>;

export interface RefusedFile {
  kind: 'refused';
  code: ErrorCode;
  details: ErrorDetails;
}
export type TakenFile = { kind: 'pages'; count: number } | RefusedFile;

/**
 * Hands out pages when all of them were found good: half a file would look like the whole of it. One page is in
 * memory at a time, since two hundred that a small PDF draws take gigabytes.
 */
export async function takePages(
  pages: readonly (() => Promise<Uint8Array>)[],
  take: TakePage,
): Promise<TakenFile> {
  const mediaTypes: PageMediaType[] = [];
  for (const read of pages) {
    const inspected = await inspectPage(await read());
    if (inspected.kind === 'refused') return inspected;
    mediaTypes.push(inspected.mediaType);
  }
  for (const [index, mediaType] of mediaTypes.entries()) {
    const bytes = await pages[index]?.();
    if (bytes) await take({ bytes, mediaType });
  }
  return { kind: 'pages', count: pages.length };
}

export function refused(code: ErrorCode, details: ErrorDetails = {}): RefusedFile {
  return { kind: 'refused', code, details };
}
