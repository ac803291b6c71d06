import Type from 'typebox';
import type { ApiError } from './common.ts';

/** `GET /api/token` */
export interface TokenView {
  state: 'ready' | 'absent' | 'locked' | 'faulted';
  label: string | null;
  serial: string | null;
  certificate: { owner: string; serial: string; notAfter: string; algorithm: string } | null;
  triesLeft: number | null;
  /** Whether the asking clerk may sign without the PIN: it was typed a short while ago. */
  pinKept: boolean;
  error: ApiError | null;
}

/**
 * `POST /api/cases/{id}/sign` → `CaseView`. A wrong PIN is refused with `token.pin-refused {triesLeft}`, a
 * missing one that is not kept with `token.pin-needed`.
 */
export const SignWish = Type.Object({ pin: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })) });

/** `GET /api/cases/{id}/signing`: how far the signing that goes on is; null when none does. */
export type SigningView = { done: number; total: number } | null;

/** `POST /api/cases/{id}/send|paper-copy|hand-out` and `…/copies/{n}/print` → `CaseView`; `GET /api/cases/{id}/copies/{n}`, `…/package`, `…/result` (containers), `…/result-document` (PDF for reading) → bytes */
