import Type from 'typebox';
import { limits } from '../limits.ts';
import { Key } from '../values.ts';
import type { ApiError } from './common.ts';

/** `GET /api/scanners` */
export interface ScannerView {
  id: string;
  title: string;
  state: 'ready' | 'busy' | 'faulted';
  /** What it is drawing pages for; `POST /api/scanners/{id}/stop` ends that, and the pages so far stay. */
  scan: { caseId: string; documentId: string; pages: number } | null;
  error: ApiError | null;
}

/** `POST /api/cases/{id}/scan` → `ScanView`; pages appear in the case as they come. */
export const ScanWish = Type.Object({
  kind: Key,
  scannerId: Type.String({ minLength: 1, maxLength: 100 }),
  /** One sheet that takes the place of this page, counted from 0. */
  replaces: Type.Optional(Type.Integer({ minimum: 0, maximum: limits.documentPages - 1 })),
});

export interface ScanView {
  documentId: string;
  pages: number;
  error: ApiError | null;
}

/** `GET /api/incoming`: files that a multi-function printer put into the branch's folder. */
export interface IncomingView {
  files: { id: string; name: string; sizeBytes: number; arrivedAt: string; pageSha256: string }[];
  /** Files that could not be taken; they are kept aside. */
  rejected: { name: string; arrivedAt: string; error: ApiError }[];
}

/** `POST /api/cases/{id}/documents` → `CaseView` */
export const TakeIncoming = Type.Object({
  kind: Key,
  files: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 200 }),
});
