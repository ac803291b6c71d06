import { type Arrangement, binKind, pileKind } from './arrangement.ts';

/** What is known of a page of the pile when it is to be sorted. */
export interface PageClue {
  sha256: string;
  isBlank: boolean;
  /** Texts of the barcodes on it. */
  barcodes: readonly string[];
  /** Kind of document that it looks like, and how sure that is, 0–1; `isFirst` when such a document begins with such a page. */
  looksLike: { kind: string; sureness: number; isFirst: boolean } | null;
}

/** Text of the barcode on a separator sheet; with a kind behind it, it also says what comes. */
export const separatorMark = 'OKNO-SEPARATOR';
/** Text of the barcode on a form, with its kind behind: its first page begins a document and stays in it. */
export const formMark = 'OKNO-FORM:';

/** Below this a guess only continues what came before: a page in the wrong document costs more than a look. */
const sureEnough = 0.7;

/**
 * How a pile may be sorted: separator sheets begin a document and, like blank pages, are taken out; a form
 * whose code says its kind begins one, and so does a page that surely looks like another kind of the checklist; what nobody knows stays with the page
 * before it, and at the start in the pile. A proposal: the clerk sees it before anything changes.
 */
export function proposeDocuments(
  pages: readonly PageClue[],
  checklist: readonly string[],
  newId: () => string,
): Arrangement {
  const documents: Arrangement = [];
  const bin: Arrangement[number] = { documentId: newId(), kind: binKind, pages: [] };
  /** What a separator announced; a document that nothing is known of begins as a pile of its own. */
  let announced: string | undefined;
  for (const { sha256, isBlank, barcodes, looksLike } of pages) {
    const page = { sha256, turn: 0 as const };
    const mark = barcodes.find(text => text === separatorMark || text.startsWith(`${separatorMark}:`));
    if (mark !== undefined) {
      const kind = mark.slice(separatorMark.length + 1);
      announced = checklist.includes(kind) ? kind : pileKind;
      bin.pages.push(page);
      continue;
    }
    if (isBlank) {
      bin.pages.push(page);
      continue;
    }
    const form = barcodes.find(text => text.startsWith(formMark))?.slice(formMark.length);
    // The clerk put the separator there by hand: it has the last word.
    if (form !== undefined && (announced ?? pileKind) === pileKind)
      announced = checklist.includes(form) ? form : pileKind;
    const sure =
      looksLike && looksLike.sureness >= sureEnough && checklist.includes(looksLike.kind)
        ? looksLike
        : undefined;
    const current = documents.at(-1);
    const isNext =
      announced !== undefined || !current || (sure && (sure.kind !== current.kind || sure.isFirst));
    if (!isNext && current) current.pages.push(page);
    else {
      const kind = announced !== undefined && announced !== pileKind ? announced : (sure?.kind ?? pileKind);
      documents.push({ documentId: newId(), kind, pages: [page] });
    }
    announced = undefined;
  }
  return bin.pages.length > 0 ? [...documents, bin] : documents;
}
