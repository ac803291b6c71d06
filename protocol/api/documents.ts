import Type, { type Static } from 'typebox';
import { limits } from '../limits.ts';
import { Id, Key, Sha256, type Text, Turn } from '../values.ts';
import type { ApiError } from './common.ts';

export type DocumentState = 'recognising' | 'ready' | 'failed' | 'confirmed' | 'signed';

export interface DocumentView {
  documentId: string;
  /** Digest of the PDF that will be signed, or null while there is none. */
  pdfSha256: string | null;
  kind: string;
  title: Text;
  state: DocumentState;
  pages: PageView[];
  characters: number;
  confidence: number;
  fields: FieldView[];
  error: ApiError | null;
  signature: { certificateSerial: string; signedAt: string; algorithm: string } | null;
  /** The applicant's own signature lies beside the clerk's (`applicant.ts`). */
  isSignedByApplicant: boolean;
  /**
   * Set for a file that is passed on as it came (`POST /api/cases/{id}/originals`, a form with `kind`, `file` and
   * perhaps `signature` → `CaseView`); `GET /api/documents/{id}/original` gives it back. An XML file has no pages.
   */
  original: { format: 'pdf' | 'xml'; sizeBytes: number; hasSignatureFile: boolean } | null;
}

export interface PageView {
  sha256: string;
  /** `GET /api/pages/{sha256}` and `…/thumbnail` */
  source: string;
  /** False while recognition has not come to it. */
  isRead: boolean;
  /** Why this page has no text: the sheet is to be scanned again, or to be recognised again. */
  error: ApiError | null;
  /** By the clerk; the picture at `GET /api/pages/{sha256}` is not turned. */
  turn: Turn;
}

/** A field found on a page. `check` tells whether check digits agree. */
export interface FieldView {
  /** `full-name`, `birth-date`, `snils`, `passport`, `address`, `date`, … ; a second one is `date.2`. */
  name: string;
  title: Text;
  /** In its usual spelling. */
  value: string;
  /** What stood on the page, where the value is not only another spelling of it: the clerk compares. */
  read?: string;
  confidence: number;
  check: 'passed' | 'failed' | 'none';
  corrected: boolean;
  /** Place on the page in fractions of its width and height, or null when typed by hand. */
  box: { page: number; x: number; y: number; width: number; height: number } | null;
}

/**
 * `GET /api/documents/{id}/pages/{index}?pdf={pdfSha256}` → JPEG of a page of the PDF, straightened: boxes of fields lie on it.
 * Until there is a PDF only the page as it was scanned can be shown.
 *
 * `GET /api/documents/{id}/text` → `{ pages: string[] }`; `GET /api/documents/{id}/pdf` → PDF
 */

/** `PUT /api/documents/{id}/fields` → `CaseView`; also confirms the document. A name that was not found is added. */
export const FieldsConfirmed = Type.Object({
  fields: Type.Array(Type.Object({ name: Key, value: Type.String({ maxLength: 500 }) }), { maxItems: 200 }),
});

/**
 * `PUT /api/cases/{id}/arrangement` → `CaseView`: each of these documents consists of these pages from now on.
 * Every page of the documents named must be in it. One without pages is thrown away; a new one brings an id of
 * its own. Kinds are those of the checklist, `pile` for pages not sorted yet and `removed` for those taken out;
 * the arrangement before, sent again, is undo.
 */
export const ArrangementWish = Type.Object({
  documents: Type.Array(
    Type.Object({
      documentId: Id,
      kind: Key,
      pages: Type.Array(Type.Object({ sha256: Sha256, turn: Turn }), { maxItems: limits.documentPages }),
    }),
    { minItems: 1, maxItems: limits.arrangedDocuments },
  ),
});

/**
 * `GET /api/cases/{id}/proposal`: how pages lie `now`, those taken out among them, and how the box would sort
 * the pile; `isRead` is false while recognition has not come to it, and then both are the same.
 */
export interface ProposalView {
  isRead: boolean;
  now: Static<typeof ArrangementWish>['documents'];
  documents: Static<typeof ArrangementWish>['documents'];
}

/**
 * `POST /api/services/{id}/separators` prints sheets that part the documents of a pile: one for each kind of the
 * checklist that is named, `pile` for one that fits any. `GET` of the same address → PDF of all of them.
 */
export const SeparatorWish = Type.Object({
  kinds: Type.Array(Key, { minItems: 1, maxItems: 100 }),
});

/** `POST /api/documents/{id}/discard`, `POST /api/documents/{id}/recognise` → `CaseView` */

/** `GET /api/documents/{id}/places?q=…`: where the words of a query stand, in fractions of the page. */
export interface PlacesView {
  places: { page: number; box: { x: number; y: number; width: number; height: number } }[];
}
