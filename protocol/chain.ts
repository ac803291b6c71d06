import { hash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import type { Fact } from './facts.ts';

/** `prevHash` of the first fact of an epoch. */
export const chainStart = '0'.repeat(64);

/**
 * Digest that the next fact carries as its `prevHash` (DESIGN section 3). `body` is the canonical JSON of
 * its body, for who has it at hand.
 */
export function hashFact(fact: Fact, body = canonicalJson(fact.body)): string {
  return hash('sha256', canonicalJson(fact, { body }));
}
