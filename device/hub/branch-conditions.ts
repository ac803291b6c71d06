import type { Condition } from '../peripherals/warnings.ts';
import type { PairLine } from './follow-pair.ts';
import type { Hub } from './hub.ts';

/** What a technician should know about the boxes of the branch. That a spare box is spare is as it should be. */
export function branchConditions(hub: Hub, line: PairLine | undefined): Condition[] {
  const refusal = hub.whyNot();
  const pair = line?.view();
  return [
    ...(refusal?.code === 'hub.replaced' ? [{ ...refusal, device: null }] : []),
    ...(pair?.state === 'away'
      ? [{ code: 'hub.pair-away' as const, details: { box: pair.box }, device: null }]
      : []),
  ];
}
