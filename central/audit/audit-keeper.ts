import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { stampedDigest } from '../../protocol/audit/proof.ts';
import type { Seal } from '../../protocol/sealed-statement.ts';
import type { Troubles } from '../ledger/troubles.ts';
import { isAway, startLoop } from '../relay/loop.ts';
import type { Storage } from '../storage/storage.ts';
import type { AuditEntry, AuditLog } from './audit-log.ts';
import type { StampAuthority } from './stamp-authority.ts';

const atOnce = 500;
/** Two events may be committed in another order than they were numbered. */
export const looksBack = 500;

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
  /** Says from outside when the log was there; without it only the centre's own clock does. */
  stamps?: StampAuthority | undefined;
  troubles: Troubles;
  /** How often the log is signed, heads of journals come into it, and it is stamped, ms. */
  everyMs: { sign: number; heads: number; stamp: number };
  clock: Clock;
  log: Log;
}): AuditKeeper {
  const { storage, audit, seal, stamps, troubles, everyMs, clock, log } = parts;
  let headsAtMs = Number.NEGATIVE_INFINITY;
  let stopped = false;
  const startedAt = clock.now().getTime();

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
      if (stamps) await stampNewest(stamps);
    } catch (error) {
      if (isAway(error)) throw error;
      log.error({ code: codeOf(error), err: error }, 'the audit log cannot be continued');
    } finally {
      await claim.release();
    }
    return everyMs.sign;
  });

  /** An authority that is away stops nothing: the next round asks again, and operators are told after a while. */
  async function stampNewest(authority: StampAuthority): Promise<void> {
    const [newest, stamped] = [await audit.newest(), await audit.newestStamped()];
    if (!newest || newest.size === stamped?.size) return;
    const now = clock.now().getTime();
    const sinceMs = now - (stamped ? Date.parse(stamped.at) : startedAt);
    if (stamped && sinceMs < everyMs.stamp) return;
    try {
      await audit.keepStamp(newest.size, await authority.stamp(stampedDigest(newest)));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'audit.no-stamp') throw error;
      log.warn({ code: error.code, ...error.details }, 'the audit log is not stamped');
      if (sinceMs > 2 * everyMs.stamp) await troubles.raise(error.code, 'centre', error.details);
    }
  }

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
          ({ number, case_id: caseId, at, event, by_whom: by, note, content }): AuditEntry => ({
            source: eventSource(number),
            event: number,
            said: { caseId, at, event, by, note, content },
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
