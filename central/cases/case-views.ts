import type { DatabaseSync } from 'node:sqlite';
import { apiError } from '../../platform/http.ts';
import type { CentreCaseLine, CentreCaseView, HistoryLine } from '../../protocol/api.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Register } from '../../protocol/register.ts';
import type { CaseBook } from './case-book.ts';

interface Row {
  case_id: string;
  number: string;
  box: string;
  service_id: string;
  ticket_id: string;
  opened_at: string;
  case_state: string;
  relay_state: string | null;
  registration_number: string | null;
  trouble_code: ErrorCode | null;
  trouble_note: string | null;
  package_sha256: string | null;
  package_bytes: number | null;
  verdict: string | null;
  result_sha256: string | null;
  result_bytes: number | null;
  result_verdict: string | null;
}

export interface CaseViews {
  list(limit: number): CentreCaseLine[];
  /** Throws `case.unknown`. */
  get(caseId: string): CentreCaseView;
}

/** Cases as operators see them: facts of the box, events of centre and agency, one history. */
export function createCaseViews(parts: {
  db: DatabaseSync;
  book: CaseBook;
  register: () => Register;
}): CaseViews {
  const { db, book } = parts;
  const columns = `cases.id as case_id, cases.number, cases.box, cases.service_id, cases.ticket_id, cases.opened_at,
    cases.state as case_state, relays.state as relay_state, registration_number, trouble_code, trouble_note,
    package_sha256, package_bytes, verdict, result_sha256, result_bytes, result_verdict
    from cases left join relays on relays.case_id = cases.id`;
  const newest = db.prepare(`select ${columns} order by opened_at desc limit ?`);
  const one = db.prepare(`select ${columns} where cases.id = ?`);
  const facts = db.prepare(
    `select type, at, received_at, body from facts where subject in (?, ?) or case_id = ? order by box, epoch, seq`,
  );

  function line(row: Row): CentreCaseLine {
    const register = parts.register();
    const service = register.services.find(candidate => candidate.id === row.service_id);
    const agency = register.agencies.find(candidate => candidate.id === service?.agencyId);
    const unknown = { ru: row.service_id, en: row.service_id };
    return {
      caseId: row.case_id,
      number: row.number,
      box: row.box,
      serviceTitle: service?.title ?? unknown,
      agency: agency?.short ?? unknown,
      state: stateOf(row),
      openedAt: row.opened_at,
      registrationNumber: row.registration_number,
      trouble: row.trouble_code ? apiError(row.trouble_code, { reason: row.trouble_note }) : null,
    };
  }

  function history(row: Row): HistoryLine[] {
    const said = (
      facts.all(row.case_id, row.ticket_id, row.case_id) as { type: string; at: string; body: string }[]
    )
      // What the box heard from here stands in the centre's own book already, with the sayer's time.
      .filter(fact => fact.type !== 'case.status-received')
      .map(fact => ({
        at: fact.at,
        event: fact.type,
        by: (JSON.parse(fact.body) as { clerk?: string }).clerk ?? row.box,
        note: null,
        receipted: true,
      }));
    const done = book.events(row.case_id).map(event => ({ ...event, receipted: true }));
    return [...said, ...done].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  return {
    list: limit => (newest.all(limit) as unknown as Row[]).map(line),
    get(caseId) {
      const row = one.get(caseId) as Row | undefined;
      if (!row) throw new AppError('case.unknown');
      return {
        ...line(row),
        history: history(row),
        package: row.package_sha256
          ? {
              sha256: row.package_sha256,
              sizeBytes: row.package_bytes ?? 0,
              verdict: row.verdict ?? 'awaited',
            }
          : null,
        result: row.result_sha256
          ? {
              sha256: row.result_sha256,
              sizeBytes: row.result_bytes ?? 0,
              verdict: row.result_verdict ?? '',
            }
          : null,
      };
    },
  };
}

function stateOf(row: Row): CentreCaseLine['state'] {
  if (row.case_state === 'handed-out') return 'handed-out';
  switch (row.relay_state) {
    case 'to-send':
      return 'verified';
    case 'in-agency':
      return 'in-agency';
    case 'result-ready':
      return 'result-ready';
    case 'refused':
      return 'refused';
    default:
      return row.case_state === 'open' ? 'open' : 'package-awaited';
  }
}
