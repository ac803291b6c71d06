import type { Clock } from '../../platform/clock.ts';
import type { ErrorDetails } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Queries, Storage } from '../storage/storage.ts';

export interface Trouble {
  at: string;
  code: ErrorCode;
  /** A box, a case number or an agency. */
  subject: string;
  details: ErrorDetails;
}

export interface Troubles {
  /** Writes it down for the operators: the same words once a day, and so many of one kind about one subject. */
  raise(code: ErrorCode, subject: string, details?: ErrorDetails, within?: Queries): Promise<void>;
  newest(limit: number): Promise<Trouble[]>;
}

const dayMs = 86_400_000;
/** Whoever has read so many knows. */
const mostOfADay = 20;

export function openTroubles(storage: Storage, clock: Clock): Troubles {
  return {
    async raise(code, subject, details = {}, { query } = storage) {
      const now = clock.now();
      const dayAgo = new Date(now.getTime() - dayMs).toISOString();
      const told = JSON.stringify(details);
      // A box that repeats a message for a month must not fill the table, nor one with a thousand faults hide others.
      const before = query
        .selectFrom('troubles')
        .select('details')
        .where(trouble => trouble.and({ code, subject }))
        .where('at', '>', dayAgo);
      const known = await before.limit(mostOfADay).execute();
      if (known.length === mostOfADay || known.some(({ details: same }) => same === told)) return;
      await query
        .insertInto('troubles')
        .values({ at: now.toISOString(), code, subject, details: told })
        .execute();
    },
    async newest(limit) {
      const rows = await storage.query
        .selectFrom('troubles')
        .select(['at', 'code', 'subject', 'details'])
        .orderBy('number', 'desc')
        .limit(limit)
        .execute();
      return rows.map(row => ({ ...row, details: JSON.parse(row.details) }));
    },
  };
}
