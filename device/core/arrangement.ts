import type { Turn } from '../../protocol/values.ts';

/** Pages in the order in which the clerk wants them, document by document. */
export type Arrangement = { documentId: string; kind: string; pages: { sha256: string; turn: Turn }[] }[];

/** Kind of a document whose pages are not sorted yet: the pile as it came out of the scanner. */
export const pileKind = 'pile';
/** Kind of a document that holds pages which the clerk took out; they can come back. */
export const binKind = 'removed';

/**
 * Whether an arrangement keeps every page of the documents that it touches, each as often as it was there,
 * and names each document once: sorting must never lose a sheet, nor make one up.
 */
export function keepsAllPages(
  before: readonly { documentId: string; pages: readonly { sha256: string }[] }[],
  wanted: Arrangement,
): boolean {
  const touched = new Set(wanted.map(({ documentId }) => documentId));
  if (touched.size < wanted.length) return false;
  const sorted = (documents: readonly { pages: readonly { sha256: string }[] }[]) =>
    documents.flatMap(({ pages }) => pages.map(({ sha256 }) => sha256)).toSorted();
  const had = sorted(before.filter(({ documentId }) => touched.has(documentId)));
  const has = sorted(wanted);
  return had.length === has.length && had.every((sha256, index) => sha256 === has[index]);
}
