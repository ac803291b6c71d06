/*
 * A pile on the clerk's desk: pages in documents, moved about until they are right. Nothing here reaches the
 * box; every move gives new documents, so that the ones before are undo.
 */

import { limits } from '../../protocol/limits.ts';

export type Turn = 0 | 90 | 180 | 270;
export interface SortPage {
  sha256: string;
  turn: Turn;
}
export interface SortDocument {
  documentId: string;
  kind: string;
  pages: SortPage[];
}
/** A page by its document and its place there. */
export interface Place {
  document: number;
  page: number;
}

export const pileKind = 'pile';
export const binKind = 'removed';

export function turned(documents: SortDocument[], at: Place): SortDocument[] {
  return withPages(documents, at.document, pages =>
    pages.map((page, index) =>
      index === at.page ? { ...page, turn: ((page.turn + 90) % 360) as Turn } : page,
    ),
  );
}

/** The page and all behind it become a document of their own. */
export function splitBefore(documents: SortDocument[], at: Place, documentId: string): SortDocument[] {
  const from = documents[at.document];
  if (!from || at.page === 0) return documents;
  const next: SortDocument = { documentId, kind: pileKind, pages: from.pages.slice(at.page) };
  return withPages(documents, at.document, pages => pages.slice(0, at.page)).toSpliced(
    at.document + 1,
    0,
    next,
  );
}

/** The document goes behind the last page of the one before it that has pages. */
export function joinBefore(documents: SortDocument[], document: number): SortDocument[] {
  const from = documents[document];
  const before = documents.findLastIndex(({ pages }, index) => index < document && pages.length > 0);
  if (!from || before < 0 || documents[before]?.kind === binKind || from.kind === binKind) return documents;
  return withPages(documents, before, pages => [...pages, ...from.pages]).toSpliced(document, 1, {
    ...from,
    pages: [],
  });
}

export function moved(documents: SortDocument[], from: Place, to: Place): SortDocument[] {
  const page = documents[from.document]?.pages[from.page];
  if (!page || !documents[to.document]) return documents;
  const behind = from.document === to.document && from.page < to.page ? 1 : 0;
  const without = withPages(documents, from.document, pages => pages.toSpliced(from.page, 1));
  return withPages(without, to.document, pages => pages.toSpliced(to.page - behind, 0, page));
}

/** One place earlier or later, over the borders of documents; never into the bin, but out of it. */
export function shifted(documents: SortDocument[], at: Place, step: 1 | -1): SortDocument[] {
  const from = documents[at.document];
  if (!from) return documents;
  const page = at.page + step;
  if (page >= 0 && page < from.pages.length)
    // Behind the next page is before the one after it.
    return moved(documents, at, { document: at.document, page: step > 0 ? page + 1 : page });
  const hasPages = ({ kind, pages }: SortDocument) => pages.length > 0 && kind !== binKind;
  const to =
    step > 0
      ? documents.findIndex((each, index) => index > at.document && hasPages(each))
      : documents.findLastIndex((each, index) => index < at.document && hasPages(each));
  if (to < 0) return documents;
  return moved(documents, at, { document: to, page: step > 0 ? 0 : (documents[to]?.pages.length ?? 0) });
}

/**
 * Into the bin, which comes into being with its first page, and another one when it is full; out of it, as a
 * document of its own before it.
 */
export function takenOut(documents: SortDocument[], at: Place, newId: string): SortDocument[] {
  if (documents[at.document]?.kind === binKind) {
    const back: SortDocument = { documentId: newId, kind: pileKind, pages: [] };
    const behind = { ...at, document: at.document + 1 };
    return moved(documents.toSpliced(at.document, 0, back), behind, { document: at.document, page: 0 });
  }
  const bin = documents.findIndex(
    ({ kind, pages }) => kind === binKind && pages.length < limits.documentPages,
  );
  const all = bin >= 0 ? documents : [...documents, { documentId: newId, kind: binKind, pages: [] }];
  const to = bin >= 0 ? bin : documents.length;
  return moved(all, at, { document: to, page: all[to]?.pages.length ?? 0 });
}

export function ofKind(documents: SortDocument[], document: number, kind: string): SortDocument[] {
  return documents.map((each, index) => (index === document ? { ...each, kind } : each));
}

/** Where a page lies; undefined when it is nowhere. */
export function placeOf(documents: SortDocument[], sha256: string | undefined): Place | undefined {
  for (const [document, { pages }] of documents.entries()) {
    const page = pages.findIndex(each => each.sha256 === sha256);
    if (page >= 0) return { document, page };
  }
  return undefined;
}

/** The page before or behind, over the borders of documents; where it is at an end. */
export function neighbour(documents: SortDocument[], at: Place, step: 1 | -1): Place {
  const places = documents.flatMap(({ pages }, document) => pages.map((_, page) => ({ document, page })));
  const now = places.findIndex(({ document, page }) => document === at.document && page === at.page);
  return places[Math.min(places.length - 1, Math.max(0, now + step))] ?? at;
}

/** What the box has to hear: documents that are not as they were, those that became empty among them. */
export function changes(before: SortDocument[], after: SortDocument[]): SortDocument[] {
  const same = (one: SortDocument, other: SortDocument | undefined) =>
    JSON.stringify(one) === JSON.stringify(other);
  const known = new Map(before.map(document => [document.documentId, document]));
  return after.filter(document => {
    const was = known.get(document.documentId);
    return was ? !same(document, was) : document.pages.length > 0;
  });
}

function withPages(
  documents: SortDocument[],
  at: number,
  change: (pages: SortPage[]) => SortPage[],
): SortDocument[] {
  return documents.map((document, index) =>
    index === at ? { ...document, pages: change(document.pages) } : document,
  );
}
