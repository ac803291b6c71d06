import { apiError } from '../../platform/http.ts';
import type { CentreCaseLine, CentreCaseView } from '../../protocol/api/centre.ts';
import type { HistoryLine } from '../../protocol/api/common.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { Register } from '../../protocol/register.ts';
import type { Storage } from '../storage/storage.ts';
import type { CaseBook } from './case-book.ts';

export interface CaseViews {
  list(limit: number): Promise<CentreCaseLine[]>;
  /** Rejects with `case.unknown`. */
  get(caseId: string): Promise<CentreCaseView>;
}

const allCases = (storage: Storage) =>
  storage.query
    .selectFrom('cases')
    .leftJoin('relays', 'relays.case_id', 'cases.id')
    .select(['cases.id as case_id', 'cases.number', 'cases.box', 'cases.service_id', 'cases.ticket_id'])
    .select(['cases.opened_at', 'cases.state as case_state', 'relays.state as relay_state'])
    .select(['registration_number', 'trouble_code', 'trouble_note', 'package_sha256', 'package_bytes'])
    .select(['verdict', 'result_sha256', 'result_bytes', 'result_verdict']);
type Row = Awaited<ReturnType<ReturnType<typeof allCases>['execute']>>[number];

/** Cases as operators see them: facts of the box, events of centre and agency, one history. */
export function createCaseViews(parts: {
  storage: Storage;
  book: CaseBook;
  register: () => Promise<Register>;
}): CaseViews {
  const { storage, book } = parts;

  function line(row: Row, register: Register): CentreCaseLine {
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

  async function history(row: Row): Promise<HistoryLine[]> {
    const facts = await storage.query
      .selectFrom('facts')
      .select(['type', 'at', 'body'])
      .where(({ or, eb }) =>
        or([eb('subject', 'in', [row.case_id, row.ticket_id]), eb('case_id', '=', row.case_id)]),
      )
      .orderBy('box')
      .orderBy('epoch')
      .orderBy('seq')
      .execute();
    const said = facts
      // What the box heard from here stands in the centre's own book already, with the sayer's time.
      .filter(fact => fact.type !== 'case.status-received')
      .map(fact => ({
        at: fact.at,
        event: fact.type,
        by: (JSON.parse(fact.body) as { clerk?: string }).clerk ?? row.box,
        note: null,
        receipted: true,
      }));
    const done = (await book.events(row.case_id)).map(event => ({ ...event, receipted: true }));
    return [...said, ...done].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  return {
    async list(limit) {
      const rows = await allCases(storage).orderBy('opened_at', 'desc').limit(limit).execute();
      const register = await parts.register();
      return rows.map(row => line(row, register));
    },
    async get(caseId) {
      const row = await allCases(storage).where('cases.id', '=', caseId).executeTakeFirst();
      if (!row) throw new AppError('case.unknown');
      return {
        ...line(row, await parts.register()),
        history: await history(row),
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
