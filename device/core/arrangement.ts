import { limits } from '../../protocol/limits.ts';
import type { Turn } from '../../protocol/values.ts';

/** Pages in the order in which the clerk wants them, document by document. */
export type Arrangement = { documentId: string; kind: string; pages: { sha256: string; turn: Turn }[] }[];

/** A document as the clerk wants it, or as it lies. */
export type Arranged = Arrangement[number];

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

/** With pages put into the bin that has room for them, and what has no room into another one behind. */
export function withTakenOut(
  documents: Arrangement,
  pages: Arranged['pages'],
  newId: () => string,
): Arrangement {
  const all = [...documents];
  let left = pages;
  while (left.length > 0) {
    const open = all.findIndex(
      ({ kind, pages: lying }) => kind === binKind && lying.length < limits.documentPages,
    );
    const bin = all[open] ?? { documentId: newId(), kind: binKind, pages: [] };
    const room = limits.documentPages - bin.pages.length;
    all.splice(open < 0 ? all.length : open, 1, { ...bin, pages: [...bin.pages, ...left.slice(0, room)] });
    left = left.slice(room);
  }
  return all;
}

/**
 * An arrangement in parts of at most so many bytes of JSON and so many documents, to be carried out one after
 * the other: one part if it fits. After each part every page still lies somewhere: a document that gains
 * pages keeps those that it loses until all others are in place, so some pages lie twice meanwhile.
 * `before` is how the documents lie that are there already.
 */
export function inParts(
  before: readonly Pick<Arranged, 'documentId' | 'pages'>[],
  wanted: Arrangement,
  most: { bytes: number; documents: number },
): Arrangement[] {
  const whole = packed(wanted, most);
  if (whole.length < 2) return whole;
  const had = new Map(before.map(({ documentId, pages }) => [documentId, pages]));
  const growing: Arrangement = [];
  const settled: Arrangement = [];
  for (const document of wanted) {
    const old = had.get(document.documentId) ?? [];
    const gains = without(document.pages, old).length > 0;
    const lost = without(old, document.pages);
    if (gains) growing.push({ ...document, pages: [...document.pages, ...lost] });
    if (!gains || lost.length > 0) settled.push(document);
  }
  return [...packed(growing, most), ...packed(settled, most)];
}

function without<T extends { sha256: string }>(
  pages: readonly T[],
  others: readonly { sha256: string }[],
): T[] {
  const known = new Set(others.map(({ sha256 }) => sha256));
  return pages.filter(({ sha256 }) => !known.has(sha256));
}

function packed(documents: Arrangement, most: { bytes: number; documents: number }): Arrangement[] {
  const parts: Arrangement[] = [];
  let room = 0;
  for (const document of documents) {
    const bytes = JSON.stringify(document).length + 1;
    const last = parts.at(-1);
    if (!last || bytes > room || last.length === most.documents) {
      parts.push([document]);
      room = most.bytes - bytes;
    } else {
      last.push(document);
      room -= bytes;
    }
  }
  return parts;
}
