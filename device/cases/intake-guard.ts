import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { type OutboxPolicy, outboxPolicies } from '../../protocol/outbox.ts';
import type { OutboxCounts } from '../journal/outbox-counts.ts';

/** Says whether paper may be taken: nothing that is taken is ever dropped, so it is refused early (F04). */
export interface IntakeGuard {
  /** Why no document may be taken now: `case.disk-low`, `case.outbox-full`, or null. */
  whyNot(): Promise<ErrorCode | null>;
  /** Throws that code, and counts the refusal. */
  assertOpen(): Promise<void>;
}

export function guardIntake(parts: {
  outbox: OutboxCounts;
  /** Bytes free on the disk of the box. */
  freeBytes: () => Promise<number>;
  /** Below this no documents are taken; tickets still are. */
  minFreeBytes: number;
  policies?: { documents: OutboxPolicy; cases: OutboxPolicy };
}): IntakeGuard {
  const { outbox, freeBytes, minFreeBytes } = parts;
  const policies = parts.policies ?? outboxPolicies;

  async function whyNot(): Promise<ErrorCode | null> {
    if ((await freeBytes()) < minFreeBytes) return 'case.disk-low';
    const isFull = (['documents', 'cases'] as const).some(kind => {
      const policy = policies[kind];
      const waiting = outbox.counters().find(counters => counters.class === kind);
      return policy.whenFull === 'refuse-intake' && (waiting?.bytes ?? 0) >= policy.bytes;
    });
    return isFull ? 'case.outbox-full' : null;
  }

  return {
    whyNot,
    async assertOpen() {
      const code = await whyNot();
      if (!code) return;
      outbox.refuse('documents');
      throw new AppError(code);
    },
  };
}
