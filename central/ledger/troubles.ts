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
  /** Writes it down for the operators; part of the transaction it is called in. */
  raise(code: ErrorCode, subject: string, details?: ErrorDetails): void;
  newest(limit: number): Trouble[];
}

export function openTroubles(db: DatabaseSync, clock: Clock): Troubles {
  const insert = db.prepare('insert into troubles (at, code, subject, details) values (?, ?, ?, ?)');
  const newest = db.prepare('select at, code, subject, details from troubles order by number desc limit ?');
  return {
    raise(code, subject, details = {}) {
      insert.run(clock.now().toISOString(), code, subject, JSON.stringify(details));
    },
    newest: limit =>
      (newest.all(limit) as unknown as (Omit<Trouble, 'details'> & { details: string })[]).map(row => ({
        ...row,
        details: JSON.parse(row.details),
      })),
  };
}
