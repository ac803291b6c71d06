import { randomUUID } from 'node:crypto';
import { timeOrderedId } from '../../../platform/time-ordered-id.ts';
import { chainStart, hashFact } from '../../../protocol/chain.ts';
import type { Fact } from '../../../protocol/facts.ts';
import { encodeMessage, protocolVersion } from '../../../protocol/messages.ts';
import { dayFacts } from '../setting/day-facts.ts';

/** An invented box's journal in memory: numbers and hash chain as a real one writes them. */
export function inventedJournal() {
  const epoch = randomUUID();
  const days = dayFacts();
  let [seq, prevHash] = [0, chainStart];

  function next(): Fact {
    const now = new Date();
    const fact: Fact = {
      ...days.next().value,
      ...{ epoch, seq: ++seq, id: timeOrderedId(now), at: now.toISOString(), clock: 'trusted' as const },
      prevHash,
    };
    prevHash = hashFact(fact);
    return fact;
  }

  return {
    epoch,
    head: () => seq,
    /** The next facts as one envelope, ready to publish. */
    envelope(facts: number): Buffer {
      return encodeMessage({ v: protocolVersion, epoch, facts: Array.from({ length: facts }, next) });
    },
  };
}
