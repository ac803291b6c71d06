import type { FieldView } from '../../protocol/api/documents.ts';
import type { Turn } from '../../protocol/values.ts';

/** A rectangle in fractions (0–1) of the page's width and height, from the upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One recognised word of the straightened page. */
export interface Word {
  text: string;
  /** 0–100, as the engine judges itself. */
  confidence: number;
  /** Line on the page, from 0: words of one line share it. */
  line: number;
  box: Box;
}

/** Barcodes that are looked for. */
export const barcodeFormats = [
  'QRCode',
  'DataMatrix',
  'PDF417',
  'Code128',
  'Code39',
  'EAN13',
  'EAN8',
  'ITF',
] as const;

/** A barcode of the straightened page. */
export interface Barcode {
  format: (typeof barcodeFormats)[number];
  /** At most 2,000 letters, no control characters. */
  text: string;
  box: Box;
}

/**
 * Why a page has no text. `capture.damaged`: there is no picture either, and the sheet must be scanned
 * again. Otherwise its picture is in the document and only cannot be searched.
 */
export type PageTrouble = 'capture.damaged' | 'capture.timeout' | 'capture.engine-failed';

/** One straightened page: size in pixels of the picture in the PDF. A blank page has no words. */
export interface RecognisedPage {
  text: string;
  width: number;
  height: number;
  words: Word[];
  /** Nothing is on it but paper. */
  isBlank?: boolean;
  /** Left out where there are none. */
  barcodes?: Barcode[];
  /** What it looks like from afar (`doubles/fingerprint.ts`); left out of blank pages and what was read before there were any. */
  fingerprint?: string;
  /** Left out when the page was read. */
  trouble?: PageTrouble;
}

/** What recognition makes of a document. */
export interface Recognised {
  /** PDF/A-2b with the text layer; the same input gives the same bytes. In place of a damaged page stands a crossed-out one. */
  pdf: Uint8Array;
  pages: RecognisedPage[];
  /** Characters of all pages without white space. */
  characters: number;
  /** Mean of the words' confidence, 0–100, weighted by their length; 0 when there are none. */
  confidence: number;
  /** Names are unique within the document; `box.page` counts from 0. */
  fields: FieldView[];
  /** Indexes, from 0, of pages without ink. A clerk decides about them; nothing is dropped. */
  blankPages: number[];
}

export interface DocumentDescription {
  /** Kind from the register's checklist: `application`, `snils`, … */
  kind: string;
  /** Goes into the PDF's metadata; carries no personal data. */
  title: string;
  createdAt: Date;
  /** How far the clerk turned each page, in degrees clockwise; 0, or left out: the page's print tells. */
  turns?: readonly Turn[];
}

/** A page that lies on the disk until it is its turn: two hundred of them at once would be half a gigabyte. */
export interface StoredPage {
  sha256: string;
  read(): Promise<Uint8Array>;
}

export interface Recogniser {
  /**
   * Recognises the pages of one document in their order. A page that cannot be read costs the others
   * nothing: see `RecognisedPage.trouble`. A crash of the engine costs the page one repetition.
   * @throws AppError `capture.damaged`, `capture.timeout`, `capture.engine-failed` when no page could be
   * read, `capture.no-language-data`, and what reading a stored page throws. The caller stored the pages: nothing is lost and the call can be repeated.
   */
  recognise(pages: readonly (Uint8Array | StoredPage)[], options: DocumentDescription): Promise<Recognised>;
  /** Begins with a page whose document is not whole yet; `recognise` then finds it read. Never rejects. */
  readAhead(page: Uint8Array): Promise<void>;
  /** Whether a page need not be read any more. */
  isRead(sha256: string, turn: Turn): boolean;
  /** Whether Debian's program reads in place of ours, which does not start: `capture.page-reader-missing`. */
  readsSlowly(): boolean;
  /** Starts the engine ahead of the first page, so that no citizen waits for it. */
  warmUp(): Promise<void>;
  /** Ends the engine; calls under way fail with `capture.engine-failed`. */
  stop(): Promise<void>;
}
