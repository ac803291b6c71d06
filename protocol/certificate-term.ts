import type { ErrorDetails } from './app-error.ts';
import type { ErrorCode } from './errors.ts';
import type { Text } from './values.ts';

/** A certificate that somebody has to renew in time. */
export interface CertificateTerm {
  /** Whose it is and what for. */
  what: Text;
  /** Its last moment, ISO 8601. */
  until: string;
}

/** Days before the end at which people are told, and told more urgently. */
const steps = [60, 30, 7] as const;
const dayMs = 86_400_000;

/**
 * What people should hear of a certificate now, or null while it is good for long. `step` is the mark that was
 * passed last: 60, 30 or 7 days, or 0 after the end.
 */
export function whatEnds(
  { what, until }: CertificateTerm,
  nowMs: number,
): { code: ErrorCode; step: number; details: ErrorDetails } | null {
  const days = Math.ceil((Date.parse(until) - nowMs) / dayMs);
  const day = until.slice(0, 10);
  const details = { what, until: { ru: day.split('-').reverse().join('.'), en: day }, days };
  if (days <= 0) return { code: 'certificate.ended', step: 0, details };
  const step = steps.findLast(mark => days <= mark);
  if (step === undefined) return null;
  return { code: step === 7 ? 'certificate.ends-now' : 'certificate.ends-soon', step, details };
}
