import type { FieldView } from '../../../protocol/api/documents.ts';
import type { Turn } from '../../../protocol/values.ts';
import type { PdfPage } from '../pdfa/pdf.ts';
import type { Barcode, RecognisedPage } from '../recognised.ts';

/** What the box asks of the recognising process, which keeps nothing between requests. Each gets one answer with its id. */
export type Request =
  /**
   * `alone`: the only page of its document, for which a citizen waits; it is read by all workers at once.
   * `pictureOnly`: the process has died over this page, but its picture is still wanted.
   */
  | { kind: 'page'; bytes: Uint8Array; turn: Turn; alone: boolean; pictureOnly: boolean }
  /** Null stands for a page without a picture; `barcodes` are those of each page. */
  | {
      kind: 'document';
      pages: (PdfPage | null)[];
      barcodes: (Barcode[] | undefined)[];
      title: string;
      createdAt: Date;
    };

export type DocumentRequest = Extract<Request, { kind: 'document' }>;
export type PageRequest = Extract<Request, { kind: 'page' }>;

export type ToHost = Request & { id: number };

export interface PageAnswer {
  kind: 'page';
  page: RecognisedPage;
  blank: boolean;
  picture: PdfPage;
}

export type Answer =
  | PageAnswer
  | { kind: 'document'; pdf: Uint8Array; fields: FieldView[]; memoryBytes: number }
  /** Our own PDF broke a rule of PDF/A: nothing that cannot be archived may be signed. */
  | { kind: 'not-archivable'; problems: string[] }
  | { kind: 'damaged' };

/**
 * `ready` and `unusable` are said once, at the start, and carry no id. `fell-back`, whenever it happens: a slower
 * program reads, because ours does not start; `why` is technical.
 */
export type FromHost =
  | { kind: 'ready' }
  | { kind: 'unusable' }
  | { kind: 'fell-back'; why: string }
  | { kind: 'answer'; id: number; answer: Answer };

/** How the process is told what it needs; on its command line, as JSON. */
export interface HostSettings {
  engine: 'tesseract-js' | 'tesseract';
  languageDataDir: string;
  /** Path of the program that reads pages. */
  pageReader: string;
  workers: number;
  /** For reading one page. */
  pageTimeoutMs: number;
}
