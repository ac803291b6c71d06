import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import type { DownEntry } from './messages.ts';

/** What a downlink entry says, by which box and centre find out whether they speak of the same log (ADR 13). */
export function digestEntry({ seq, at, type, body }: DownEntry): string {
  return createHash('sha256').update(canonicalJson({ seq, at, type, body })).digest('hex');
}
