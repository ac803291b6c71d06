/** ETSI EN 319 102-1 clause 5.1.3: a signature is good, bad, or cannot be judged with what is known. */
export type Verdict = 'passed' | 'indeterminate' | 'failed';

/** The same under the names of the standard. */
export const indications = {
  passed: 'TOTAL-PASSED',
  indeterminate: 'INDETERMINATE',
  failed: 'TOTAL-FAILED',
} as const satisfies Record<Verdict, string>;

/** The worst of several: one failed part fails the whole, one doubtful part makes it doubtful. */
export function worstOf(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict = 'passed';
  for (const verdict of verdicts) {
    if (verdict === 'failed') return 'failed';
    if (verdict === 'indeterminate') worst = 'indeterminate';
  }
  return worst;
}
