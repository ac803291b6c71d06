import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import type { Fact } from './facts.ts';

/** `prevHash` of the first fact of an epoch. */
export const chainStart = '0'.repeat(64);

/** Digest that the next fact carries as its `prevHash` (DESIGN section 3). */
export function hashFact(fact: Fact): string {
  return createHash('sha256').update(canonicalJson(fact)).digest('hex');
}
