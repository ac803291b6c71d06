import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { Queries, Storage } from '../storage/storage.ts';
import type { Person } from './people.ts';

/** Legal holds: while one is on a case, nothing of it is destroyed, whatever was approved (LED-4.1). */
export interface Holds {
  /** Throws `case.unknown`. */
  place(me: Person, caseId: string, reason: string): Promise<void>;
  /** Throws `internal.not-found`, `archive.hold-lifted`. */
  lift(me: Person, number: number, reason: string): Promise<void>;
}

/** Held by everybody who decides what becomes of a case's content. */
export const caseLock = (caseId: string) => `archive ${caseId}`;

export function openHolds(storage: Storage, book: CaseBook, clock: Clock): Holds {
  return {
    place: (me, caseId, reason) =>
      storage.transaction(async transaction => {
        await transaction.lock([caseLock(caseId)]);
        const { query } = transaction;
        const known = query.selectFrom('cases').select('id').where('id', '=', caseId);
        if (!(await known.executeTakeFirst())) throw new AppError('case.unknown');
        await query
          .insertInto('archive_holds')
          .values({ case_id: caseId, reason, placed_by: me.login, placed_at: clock.now().toISOString() })
          .execute();
        await book.add(transaction, caseId, { event: 'archive-hold-placed', by: me.login, note: reason });
      }),
    lift: (me, number, reason) =>
      storage.transaction(async transaction => {
        const { query } = transaction;
        const at = clock.now().toISOString();
        const lifted = await query
          .updateTable('archive_holds')
          .set({ lifted_by: me.login, lifted_at: at, lift_reason: reason })
          .where('number', '=', number)
          .where('lifted_at', 'is', null)
          .returning('case_id')
          .executeTakeFirst();
        if (!lifted) {
          const hold = query.selectFrom('archive_holds').select('number').where('number', '=', number);
          throw new AppError((await hold.executeTakeFirst()) ? 'archive.hold-lifted' : 'internal.not-found');
        }
        const event = { event: 'archive-hold-lifted', by: me.login, note: reason };
        await book.add(transaction, lifted.case_id, event);
      }),
  };
}

export async function isHeld({ query }: Queries, caseId: string): Promise<boolean> {
  const open = query.selectFrom('archive_holds').select('number').where('case_id', '=', caseId);
  return (await open.where('lifted_at', 'is', null).limit(1).executeTakeFirst()) !== undefined;
}
