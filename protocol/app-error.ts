import type { ErrorCode } from './errors.ts';
import type { TextDetail } from './fill-text.ts';

/** Facts about an error that help a technician. Never personal data, never a PIN. */
export type ErrorDetails = Record<string, TextDetail>;

/**
 * A broken assumption or a refusal that carries a code of the error table. What a person reads comes
 * from the table, never from `message`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(`${code} ${JSON.stringify(details)}`, options);
    this.code = code;
    this.details = details;
  }
}

/** The code of an error that is ours; `internal.unexpected` for anything else. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof AppError ? error.code : 'internal.unexpected';
}
