import type { IndexedDocument, TextFilter } from './text-index.ts';

export type ThreadRequest =
  | { kind: 'put'; document: IndexedDocument }
  | { kind: 'remove'; documentId: string }
  | { kind: 'version'; documentId: string }
  | { kind: 'versions' }
  | { kind: 'search'; query: string; filter: TextFilter; limit: number }
  | { kind: 'close' };

/** `errcode` is SQLite's result code; 0 when it was not SQLite that failed. */
export type ThreadAnswer = { ok: true; value: unknown } | { ok: false; reason: string; errcode: number };
