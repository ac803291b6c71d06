import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';

/** One line of what happened to a case outside the box. */
export interface CaseEvent {
  at: string;
  event: string;
  by: string;
  note: string | null;
}

/** History that the centre adds to a case (LED-3.7, LED-3.11, RSX-trace). Append-only. */
export interface CaseBook {
  /** Writes an event; part of the transaction it is called in. `at` defaults to now. */
  add(caseId: string, event: string, by: string, note?: string | null, at?: string): void;
  events(caseId: string): CaseEvent[];
}

export function openCaseBook(db: DatabaseSync, clock: Clock): CaseBook {
  const insert = db.prepare(
    'insert into case_events (case_id, at, event, by_whom, note) values (?, ?, ?, ?, ?)',
  );
  const select = db.prepare(
    'select at, event, by_whom as by, note from case_events where case_id = ? order by number',
  );
  return {
    add(caseId, event, by, note = null, at = clock.now().toISOString()) {
      insert.run(caseId, at, event, by, note);
    },
    events: caseId => select.all(caseId) as unknown as CaseEvent[],
  };
}
