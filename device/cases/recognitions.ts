import type { BlobStore } from '../../platform/blob-store.ts';
import type { FieldView } from '../../protocol/api.ts';
import type { KindGuess } from '../capture/kinds/classify.ts';
import type { PageTrouble, RecognisedPage } from '../capture/recognised.ts';
import type { DocumentRow } from '../journal/projections/documents.ts';

/** What recognition leaves beside the PDF; a blob that stays on the box. */
export interface Recognition {
  pages: RecognisedPage[];
  fields: FieldView[];
  /** What the rules make of it; absent in what was recognised before there were rules. */
  looksLike?: KindGuess;
}

export interface Recognitions {
  get(sha256: string): Promise<Recognition>;
  /** Why pages of a document have no text, one entry a page; empty before it was recognised. */
  troubles(document: Pick<DocumentRow, 'recognition_sha256'>): Promise<(PageTrouble | undefined)[]>;
  /** Fields as the clerk confirmed them. */
  fields(sha256: string): Promise<FieldView[]>;
}

const kept = 200;

/** Reads recognition blobs; content never changes, so the newest stay in memory. */
export function createRecognitions(blobs: BlobStore): Recognitions {
  const memory = new Map<string, unknown>();
  async function read(sha256: string): Promise<unknown> {
    const known = memory.get(sha256);
    if (known !== undefined) return known;
    const value: unknown = JSON.parse((await blobs.get(sha256)).toString('utf8'));
    if (memory.size >= kept) memory.delete(memory.keys().next().value as string);
    memory.set(sha256, value);
    return value;
  }
  return {
    get: async sha256 => (await read(sha256)) as Recognition,
    async troubles({ recognition_sha256: sha256 }) {
      if (sha256 === null) return [];
      return ((await read(sha256)) as Recognition).pages.map(page => page.trouble);
    },
    fields: async sha256 => (await read(sha256)) as FieldView[],
  };
}

/** Numbers of the pages to scan again, as people count them. */
export function damagedPages(troubles: readonly (PageTrouble | undefined)[]): string {
  return troubles.flatMap((trouble, index) => (trouble === 'capture.damaged' ? [index + 1] : [])).join(', ');
}
