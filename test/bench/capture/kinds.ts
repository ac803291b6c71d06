import { classify, type KindPage } from '../../../device/capture/kinds/classify.ts';
import { shippedRules } from '../../../device/capture/kinds/rules.ts';
import { otherKind } from '../../../protocol/kind-phrases.ts';
import type { TruePage } from './pages.ts';

/** How many papers were told right, left to the clerk though there are rules for them, or told wrong. */
export interface KindCounts {
  right: number;
  unsure: number;
  wrong: number;
}

/** Undefined when the kind of no paper is known. */
export function kindsOf(
  papers: readonly TruePage[],
  read: readonly (readonly KindPage[])[],
): KindCounts | undefined {
  const counts = { right: 0, unsure: 0, wrong: 0 };
  for (const [at, { kind }] of papers.entries()) {
    if (kind === undefined) continue;
    const guess = classify(read[at] ?? [], shippedRules).kind;
    counts[guess === kind ? 'right' : guess === otherKind ? 'unsure' : 'wrong']++;
  }
  return papers.some(({ kind }) => kind !== undefined) ? counts : undefined;
}
