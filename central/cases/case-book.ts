import type { Clock } from '../../platform/clock.ts';
import type { Queries, Storage } from '../storage/storage.ts';

/** One line of what happened to a case outside the box. */
export interface CaseEvent {
  at: string;
  event: string;
  by: string;
  note: string | null;
}

/** History that the centre adds to a case (LED-3.7, LED-3.11, RSX-trace). Append-only. */
export interface CaseBook {
  /** `at` defaults to now. */
  add(within: Queries, caseId: string, event: NewCaseEvent): Promise<void>;
  events(caseId: string): Promise<CaseEvent[]>;
}

export interface NewCaseEvent {
  event: string;
  by: string;
  note?: string | null;
  /** Digest of what came or went with it. */
  content?: string | null;
  at?: string;
}

export function openCaseBook(storage: Storage, clock: Clock): CaseBook {
  return {
    async add({ query }, caseId, { event, by, note = null, content = null, at = clock.now().toISOString() }) {
      await query
        .insertInto('case_events')
        .values({ case_id: caseId, at, event, by_whom: by, note, content })
        .execute();
    },
    events: caseId =>
      storage.query
        .selectFrom('case_events')
        .select(['at', 'event', 'by_whom as by', 'note'])
        .where('case_id', '=', caseId)
        .orderBy('number')
        .execute(),
  };
}
