/*
 * A pile on the clerk's desk: pages in documents, moved about until they are right. Nothing here reaches the
 * box; every move gives new documents, so that the ones before are undo.
 */

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

/** The document goes behind the last page of the one before it. */
export function joinBefore(documents: SortDocument[], document: number): SortDocument[] {
  const from = documents[document];
  const before = documents[document - 1];
  if (!from || !before || before.kind === binKind || from.kind === binKind) return documents;
  return withPages(documents, document - 1, pages => [...pages, ...from.pages]).toSpliced(document, 1, {
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

/** Into the bin, which comes into being with its first page. */
export function takenOut(documents: SortDocument[], at: Place, binId: string): SortDocument[] {
  const bin = documents.findIndex(({ kind }) => kind === binKind);
  if (bin === at.document) return documents;
  const all = bin >= 0 ? documents : [...documents, { documentId: binId, kind: binKind, pages: [] }];
  const to = bin >= 0 ? bin : documents.length;
  return moved(all, at, { document: to, page: all[to]?.pages.length ?? 0 });
}

export function ofKind(documents: SortDocument[], document: number, kind: string): SortDocument[] {
  return documents.map((each, index) => (index === document ? { ...each, kind } : each));
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
