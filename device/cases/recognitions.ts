import type { BlobStore } from '../../platform/blob-store.ts';
import type { FieldView } from '../../protocol/api/documents.ts';
import type { KindRules } from '../../protocol/kind-rules.ts';
import { classifyInTurns, type KindGuess } from '../capture/kinds/classify.ts';
import type { PageTrouble, RecognisedPage } from '../capture/recognised.ts';
import type { DocumentRow } from '../journal/projections/documents.ts';

/** What recognition leaves beside the PDF; a blob that stays on the box. */
export interface Recognition {
  pages: RecognisedPage[];
  fields: FieldView[];
}

export interface Recognitions {
  get(sha256: string): Promise<Recognition>;
  /** What the rules of this moment make of a document. */
  looksLike(sha256: string): Promise<KindGuess>;
  /** Why pages of a document have no text, one entry a page; empty before it was recognised. */
  troubles(document: Pick<DocumentRow, 'recognition_sha256'>): Promise<(PageTrouble | undefined)[]>;
  /** Fields as the clerk confirmed them. */
  fields(sha256: string): Promise<FieldView[]>;
}

/** Bytes of the blobs that stay in memory, where they take some four times as much. */
const mostKeptBytes = 16 * 1024 ** 2;

/** Reads recognition blobs; content never changes, so the newest stay in memory. */
export function createRecognitions(blobs: BlobStore, rules: { current(): KindRules }): Recognitions {
  const memory = new Map<string, { value: unknown; sizeBytes: number }>();
  let keptBytes = 0;
  /** By content: forgotten with it, and when the rules change. */
  const guesses = new WeakMap<Recognition, { by: KindRules; guess: Promise<KindGuess> }>();
  async function read(sha256: string): Promise<unknown> {
    const known = memory.get(sha256);
    if (known !== undefined) return known.value;
    const bytes = await blobs.get(sha256);
    const sizeBytes = bytes.length;
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    keptBytes += sizeBytes - (memory.get(sha256)?.sizeBytes ?? 0);
    memory.set(sha256, { value, sizeBytes });
    for (const [oldest, { sizeBytes: freed }] of memory) {
      if (keptBytes <= mostKeptBytes || oldest === sha256) break;
      memory.delete(oldest);
      keptBytes -= freed;
    }
    return value;
  }
  return {
    get: async sha256 => (await read(sha256)) as Recognition,
    async looksLike(sha256) {
      const recognition = (await read(sha256)) as Recognition;
      const by = rules.current();
      const known = guesses.get(recognition);
      if (known?.by === by) return known.guess;
      const guess = classifyInTurns(recognition.pages, by);
      guesses.set(recognition, { by, guess });
      return guess;
    },
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
