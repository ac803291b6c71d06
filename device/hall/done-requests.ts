import type { DatabaseSync } from 'node:sqlite';

/**
 * Acts of today that a second request of the same id must not do again: its answer got lost, and somebody
 * pressed once more. Only acts that would happen twice are kept; the others are refused by what they did.
 */
export interface DoneRequests {
  isDone(requestId: string | undefined): boolean;
  /** To be written in the transaction of what was done. */
  keep(requestId: string | undefined, day: string): void;
  forgetBefore(day: string): void;
}

export function openDoneRequests(db: DatabaseSync): DoneRequests {
  const find = db.prepare('select 1 from hall_requests where id = ?');
  const insert = db.prepare('insert into hall_requests (id, day) values (?, ?)');
  const forget = db.prepare('delete from hall_requests where day < ?');
  return {
    isDone: requestId => requestId !== undefined && find.get(requestId) !== undefined,
    keep(requestId, day) {
      if (requestId !== undefined) insert.run(requestId, day);
    },
    forgetBefore: day => void forget.run(day),
  };
}
