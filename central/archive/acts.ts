import { businessDay, type Clock } from '../../platform/clock.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { ActKind } from '../storage/archive-tables.ts';
import type { Queries, Storage } from '../storage/storage.ts';
import { tableOf } from '../storage/table-columns.ts';
import { nameOf, type Person } from './people.ts';

/** Acts over many entries: destruction (LED-4.1) and hand-over to the state archive (LED-4.2). */
export interface Acts {
  /**
   * Lists what is due now: for destruction, terms that are over and are on no hold; for hand-over, what is of
   * permanent value and was handed out. Throws `archive.nothing-due`.
   */
  prepare(me: Person, kind: ActKind, reason: string): Promise<number>;
  /** Throws `archive.second-person`, `archive.act-decided`, `internal.not-found`. Nothing is done to entries yet. */
  approve(me: Person, act: number): Promise<void>;
  /** The entries are free for another act. */
  reject(me: Person, act: number, reason: string): Promise<void>;
}

/** So many entries in one act: a list that a person can read. */
const entriesPerAct = 500;
const locks = ['archive acts'];

export function openActs(parts: { storage: Storage; book: CaseBook; timeZone: string; clock: Clock }): Acts {
  const { storage, book, timeZone, clock } = parts;

  function due({ query }: Queries, kind: ActKind) {
    const free = query
      .selectFrom('archive_entries')
      .select(['case_id', 'sha256'])
      .where('state', '=', 'kept')
      .where('handed_out_at', 'is not', null)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('archive_act_entries as listed')
              .select('listed.act')
              .whereRef('listed.case_id', '=', 'archive_entries.case_id')
              .whereRef('listed.sha256', '=', 'archive_entries.sha256')
              .where('listed.outcome', 'is', null),
          ),
        ),
      );
    if (kind === 'hand-over')
      return free.where('retention', '=', 'permanent').orderBy('handed_out_at').limit(entriesPerAct);
    return free
      .where('keep_until', '<', businessDay(clock.now(), timeZone))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('archive_holds')
              .select('archive_holds.number')
              .whereRef('archive_holds.case_id', '=', 'archive_entries.case_id')
              .where('lifted_at', 'is', null),
          ),
        ),
      )
      .orderBy('keep_until')
      .limit(entriesPerAct);
  }

  /** Each case of the act says in its own history, and so in the audit log, what was decided. */
  async function tell(within: Queries, act: number, event: string, me: Person, reason: string | null) {
    const rows = await within.query
      .selectFrom('archive_act_entries')
      .select(['case_id', 'sha256'])
      .where('act', '=', act)
      .execute();
    const note = reason === null ? `№ ${act}` : `№ ${act}: ${reason}`;
    for (const { case_id, sha256 } of rows)
      await book.add(within, case_id, { event, by: me.login, note, content: sha256 });
  }

  function decide(me: Person, act: number, decision: 'approved' | 'rejected', reason: string | null) {
    return storage.transaction(async transaction => {
      await transaction.lock(locks);
      const { query } = transaction;
      const row = await query
        .selectFrom('archive_acts')
        .select(['state', 'prepared_by'])
        .where('number', '=', act)
        .executeTakeFirst();
      if (!row) throw new AppError('internal.not-found');
      if (row.state !== 'prepared') throw new AppError('archive.act-decided', { act });
      if (decision === 'approved' && row.prepared_by === me.login)
        throw new AppError('archive.second-person', { act });
      const at = clock.now().toISOString();
      await query
        .updateTable('archive_acts')
        .set({ state: decision, decided_by: me.login, decided_name: nameOf(me), decided_at: at })
        .set({ decision: reason })
        .where('number', '=', act)
        .execute();
      if (decision === 'rejected')
        await query
          .updateTable('archive_act_entries')
          .set({ outcome: 'rejected' })
          .where('act', '=', act)
          .execute();
      await tell(transaction, act, `archive-${decision}`, me, reason);
    });
  }

  return {
    prepare: (me, kind, reason) =>
      storage.transaction(async transaction => {
        await transaction.lock(locks);
        const entries = await due(transaction, kind).execute();
        if (entries.length === 0) throw new AppError('archive.nothing-due');
        const { number: act } = await transaction.query
          .insertInto('archive_acts')
          .values({
            ...{ kind, state: 'prepared', reason, prepared_by: me.login, prepared_name: nameOf(me) },
            prepared_at: clock.now().toISOString(),
          })
          .returning('number')
          .executeTakeFirstOrThrow();
        const rows = entries.map(entry => ({ ...entry, act }));
        await transaction.insertNew(tableOf('archive_act_entries'), rows);
        await tell(transaction, act, `archive-listed-${kind}`, me, reason);
        return act;
      }),
    approve: (me, act) => decide(me, act, 'approved', null),
    reject: (me, act, reason) => decide(me, act, 'rejected', reason),
  };
}
