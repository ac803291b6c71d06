import type { BlobStore } from '../../platform/blob-store.ts';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { EvidenceBook } from '../evidence/evidence-book.ts';
import { wantAgain } from '../ingress/mend-content.ts';
import type { ContentHolders } from '../ledger/content-holders.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import { contentLock } from '../ledger/ledger.ts';
import type { Queries, Storage, Transaction } from '../storage/storage.ts';
import type { CentreTables } from '../storage/tables.ts';
import { caseLock, isHeld } from './holds.ts';

/** Does what approved acts say. */
export interface CarryOut {
  /**
   * All that is approved and not done yet. First an entry becomes its own tombstone, in one transaction with the
   * word in its case's history; then its bytes go. A power cut in between leaves bytes that the next round removes.
   */
  round(): Promise<void>;
}

type Act = Pick<CentreTables['archive_acts'], 'kind'> & { number: number; decided_by: string | null };
type Listed = Pick<CentreTables['archive_act_entries'], 'case_id' | 'sha256'>;
type Outcome = NonNullable<CentreTables['archive_act_entries']['outcome']>;

export function createCarryOut(parts: {
  storage: Storage;
  blobs: BlobStore;
  book: CaseBook;
  downLogs: DownLogs;
  holders: ContentHolders;
  evidence: EvidenceBook;
  timeZone: string;
  clock: Clock;
}): CarryOut {
  const { storage, blobs, book, downLogs, holders, evidence, timeZone, clock } = parts;
  const entryOf = ({ query }: Queries, { case_id, sha256 }: Listed) =>
    query.updateTable('archive_entries').where('case_id', '=', case_id).where('sha256', '=', sha256);

  /** What becomes of an entry now: much may have changed since the act was approved. */
  async function judge(within: Queries, act: Act, { case_id, sha256 }: Listed): Promise<Outcome> {
    const entry = await within.query
      .selectFrom('archive_entries')
      .select(['state', 'keep_until'])
      .where('case_id', '=', case_id)
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    if (entry?.state !== 'kept') return 'not-due';
    if (act.kind === 'hand-over') return 'handed-over';
    if (await isHeld(within, case_id)) return 'held';
    const today = businessDay(clock.now(), timeZone);
    return entry.keep_until !== null && entry.keep_until < today ? 'destroyed' : 'not-due';
  }

  function settle(act: Act, listed: Listed): Promise<void> {
    return storage.transaction(async transaction => {
      const { case_id, sha256 } = listed;
      await transaction.lock([caseLock(case_id), contentLock(sha256)]);
      const outcome = await judge(transaction, act, listed);
      await transaction.query
        .updateTable('archive_act_entries')
        .set({ outcome })
        .where('act', '=', act.number)
        .where('case_id', '=', case_id)
        .where('sha256', '=', sha256)
        .execute();
      if (outcome === 'destroyed' || outcome === 'handed-over') {
        const state = { state: outcome, state_at: clock.now().toISOString(), act: act.number };
        await entryOf(transaction, listed).set(state).execute();
      }
      if (outcome === 'destroyed') await forget(transaction, listed, act.number);
      await book.add(transaction, case_id, {
        event: `archive-${outcome}`,
        by: act.decided_by ?? 'centre',
        note: `№ ${act.number}`,
        content: sha256,
      });
    });
  }

  /** The centre no longer answers for the content, and the box is told when nothing of the case is left. */
  async function forget(transaction: Transaction, { case_id, sha256 }: Listed, act: number): Promise<void> {
    const { query } = transaction;
    if (!(await isNeeded(transaction, sha256))) {
      await query.deleteFrom('contents').where('sha256', '=', sha256).execute();
      await evidence.ended(transaction, sha256);
    }
    const left = query.selectFrom('archive_entries').select('sha256').where('case_id', '=', case_id);
    if (await left.where('state', '<>', 'destroyed').limit(1).executeTakeFirst()) return;
    const found = query.selectFrom('cases').select('box').where('id', '=', case_id);
    const row = await found.executeTakeFirst();
    if (row)
      await downLogs.append(transaction, row.box, { type: 'case.destroyed', body: { caseId: case_id, act } });
  }

  /** Bytes of entries that are destroyed on paper already. */
  async function removeBytes(): Promise<void> {
    const rows = await storage.query
      .selectFrom('archive_entries')
      .select('sha256')
      .distinct()
      .where('state', '=', 'destroyed')
      .where('removed_at', 'is', null)
      .execute();
    for (const { sha256 } of rows) {
      if (!(await isNeeded(storage, sha256)) && !(await isHere(storage, sha256))) {
        await removeCopy(sha256);
        // Certificates of applicants lie in it by number; what was there stays listed by digest (ADR 48).
        for (const piece of await evidence.onlyOf(sha256)) await blobs.remove(piece);
        await blobs.remove(sha256);
      }
      const isGone = !(await blobs.has(sha256));
      await storage.transaction(async transaction => {
        await transaction.lock([contentLock(sha256)]);
        // A box brought the same bytes for another case while we removed them: it still has them.
        if (isGone && (await isHere(transaction, sha256)))
          await wantAgain(transaction, { holders, downLogs }, sha256);
        await transaction.query
          .updateTable('archive_entries')
          .set({ removed_at: clock.now().toISOString() })
          .where('sha256', '=', sha256)
          .where('state', '=', 'destroyed')
          .where('removed_at', 'is', null)
          .execute();
      });
    }
  }

  async function removeCopy(sha256: string): Promise<void> {
    const copy = await storage.query
      .selectFrom('archive_copies')
      .select('copy_sha256')
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    if (copy?.copy_sha256) await blobs.remove(copy.copy_sha256);
    await storage.query.deleteFrom('archive_copies').where('sha256', '=', sha256).execute();
  }

  async function carryOut(act: Act): Promise<void> {
    const { query } = storage;
    const listed = await query
      .selectFrom('archive_act_entries')
      .select(['case_id', 'sha256'])
      .where('act', '=', act.number)
      .where('outcome', 'is', null)
      .execute();
    for (const entry of listed) await settle(act, entry);
    await removeBytes();
    await query
      .updateTable('archive_acts')
      .set({ state: 'done', done_at: clock.now().toISOString() })
      .where('number', '=', act.number)
      .execute();
  }

  return {
    async round() {
      const acts = await storage.query
        .selectFrom('archive_acts')
        .select(['number', 'kind', 'decided_by'])
        .where('state', '=', 'approved')
        .orderBy('number')
        .execute();
      for (const act of acts) await carryOut(act);
    },
  };
}

/** Whether something else still keeps these bytes: another entry, or a case that is on its way into the archive. */
async function isNeeded({ query }: Queries, sha256: string): Promise<boolean> {
  const kept = query.selectFrom('archive_entries').select('case_id').where('sha256', '=', sha256);
  if (await kept.where('state', '<>', 'destroyed').limit(1).executeTakeFirst()) return true;
  const named = await query
    .selectFrom('relays')
    .select('case_id')
    .where(({ or, eb }) => or([eb('package_sha256', '=', sha256), eb('result_sha256', '=', sha256)]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('archive_entries')
            .select('archive_entries.case_id')
            .whereRef('archive_entries.case_id', '=', 'relays.case_id')
            .where('archive_entries.sha256', '=', sha256),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  return named !== undefined;
}

/** Whether the centre answers for these bytes: they came, and were not destroyed since. */
async function isHere({ query }: Queries, sha256: string): Promise<boolean> {
  const here = query.selectFrom('contents').select('sha256').where('sha256', '=', sha256);
  return (await here.executeTakeFirst()) !== undefined;
}
