import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import type { ErrorDetails } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';

export interface Trouble {
  at: string;
  code: ErrorCode;
  /** A box, a case number or an agency. */
  subject: string;
  details: ErrorDetails;
}

export interface Troubles {
  /** Writes it down for the operators, the same words once a day; part of the transaction it is called in. */
  raise(code: ErrorCode, subject: string, details?: ErrorDetails): void;
  newest(limit: number): Trouble[];
}

const dayMs = 86_400_000;

export function openTroubles(db: DatabaseSync, clock: Clock): Troubles {
  // A box that repeats a message for a month must not fill the table.
  const insert = db.prepare(`insert into troubles (at, code, subject, details) select ?1, ?2, ?3, ?4
    where not exists (select 1 from troubles where code = ?2 and subject = ?3 and details = ?4 and at > ?5)`);
  const newest = db.prepare('select at, code, subject, details from troubles order by number desc limit ?');
  return {
    raise(code, subject, details = {}) {
      const now = clock.now();
      const dayAgo = new Date(now.getTime() - dayMs).toISOString();
      insert.run(now.toISOString(), code, subject, JSON.stringify(details), dayAgo);
    },
    newest: limit =>
      (newest.all(limit) as unknown as (Omit<Trouble, 'details'> & { details: string })[]).map(row => ({
        ...row,
        details: JSON.parse(row.details),
      })),
  };
}
