import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import type { Seal } from '../../protocol/sealed-statement.ts';
import { isAway, startLoop } from '../relay/loop.ts';
import type { Storage } from '../storage/storage.ts';
import type { AuditEntry, AuditLog } from './audit-log.ts';

const atOnce = 500;
/** Two events may be committed in another order than they were numbered. */
const looksBack = 500;

export interface AuditKeeper {
  kick(): void;
  stop(): Promise<void>;
}

export const eventSource = (number: number) => `event:${number}`;
export const headsOf = (box: string) => `head:${box}:`;
const headSource = (box: string, epoch: string, upTo: number) => `${headsOf(box)}${epoch}:${upTo}`;

/**
 * Follows the centre's books into the audit log: every event of a case, and now and then the head of each
 * box's journal, whose chain ties all facts before it (RSX-trace, RSX-protect). Of several centres one does
 * it. The books are what happened; the log makes it impossible to change them unnoticed later.
 */
export function keepAudit(parts: {
  storage: Storage;
  audit: AuditLog;
  /** Signs the log; without it nobody outside can check it. */
  seal: (Seal & { name: string }) | undefined;
  /** How often the log is signed, and how often heads of journals come into it, ms. */
  everyMs: { sign: number; heads: number };
  clock: Clock;
  log: Log;
}): AuditKeeper {
  const { storage, audit, seal, everyMs, clock, log } = parts;
  let headsAtMs = Number.NEGATIVE_INFINITY;
  let stopped = false;

  const loop = startLoop(async () => {
    const claim = await storage.claim('audit');
    if (!claim) return everyMs.sign;
    try {
      while ((await takeEvents()) >= atOnce) if (stopped) return 0;
      if (clock.monotonicMs() - headsAtMs >= everyMs.heads) {
        await takeHeads();
        headsAtMs = clock.monotonicMs();
      }
      if (seal) await audit.sign(seal);
    } catch (error) {
      if (isAway(error)) throw error;
      log.error({ code: codeOf(error), err: error }, 'the audit log cannot be continued');
    } finally {
      await claim.release();
    }
    return everyMs.sign;
  });

  function takeEvents(): Promise<number> {
    return storage.transaction(async transaction => {
      const { query } = transaction;
      const last = await query
        .selectFrom('audit_leaves')
        .select(({ fn }) => fn.max('event').as('event'))
        .executeTakeFirst();
      const rows = await query
        .selectFrom('case_events')
        .selectAll()
        .where('number', '>', (last?.event ?? 0) - looksBack)
        .orderBy('number')
        .limit(atOnce + looksBack)
        .execute();
      return await audit.append(
        transaction,
        rows.map(
          ({ number, case_id: caseId, at, event, by_whom: by, note }): AuditEntry => ({
            source: eventSource(number),
            event: number,
            said: { caseId, at, event, by, note },
          }),
        ),
      );
    });
  }

  function takeHeads(): Promise<number> {
    return storage.transaction(async transaction => {
      const rows = await transaction.query
        .selectFrom('streams')
        .select(['box', 'epoch', 'stored', 'last_hash as head'])
        .where('stored', '>', 0)
        .execute();
      const at = clock.now().toISOString();
      const entries = rows.map(({ box, epoch, stored, head }) => ({
        source: headSource(box, epoch, stored),
        said: { box, epoch, upTo: stored, head, at },
      }));
      return await audit.append(transaction, entries);
    });
  }

  return {
    kick: loop.kick,
    async stop() {
      stopped = true;
      await loop.stop();
    },
  };
}
