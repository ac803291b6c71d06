import type { DatabaseSync } from 'node:sqlite';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Blob } from '../../protocol/values.ts';

export type RelayState = 'package-awaited' | 'to-send' | 'in-agency' | 'result-ready' | 'refused';

/** A package on its way, with the case it belongs to. */
export interface RelayRow {
  case_id: string;
  box: string;
  request_id: string;
  package_sha256: string;
  package_bytes: number;
  package_media_type: string;
  sent_by_box_at: string;
  state: RelayState;
  agency_id: string | null;
  verdict: string | null;
  registration_number: string | null;
  trouble_code: ErrorCode | null;
  trouble_note: string | null;
  result_sha256: string | null;
  result_bytes: number | null;
  result_verdict: string | null;
  number: string;
  service_id: string;
  documents: number;
}

/** Rows of `relays`; every change is part of the transaction it is called in. */
export interface RelayStore {
  inState(state: RelayState): RelayRow[];
  toSend(agencyId: string): RelayRow[];
  /** Whether the agency works on something, so that it is worth asking. */
  isAtWork(agencyId: string): boolean;
  findByRequest(requestId: string): RelayRow | undefined;
  find(caseId: string): RelayRow | undefined;
  verified(caseId: string, agencyId: string): void;
  refused(caseId: string, code: ErrorCode, note: string): void;
  registered(caseId: string, registrationNumber: string): void;
  resultAccepted(caseId: string, result: Blob): void;
  /** A result that was not accepted: the case goes on, the trouble is shown (LED-3.12). */
  resultRefused(caseId: string, result: Blob, verdict: string, code: ErrorCode, note: string): void;
  /** True the first time; an agency may repeat an event. */
  firstTime(agencyId: string, seq: number, at: string): boolean;
  lastEvent(agencyId: string): number;
}

export function openRelayStore(db: DatabaseSync): RelayStore {
  const columns = `relays.*, cases.number, cases.service_id, (
    select json_array_length(body, '$.documents') from facts where type = 'case.sent' and subject = relays.case_id limit 1
  ) as documents from relays join cases on cases.id = relays.case_id`;
  const byState = db.prepare(`select ${columns} where relays.state = ? order by sent_by_box_at`);
  const toSend = db.prepare(
    `select ${columns} where relays.state = 'to-send' and agency_id = ? order by sent_by_box_at`,
  );
  const atWork = db.prepare(`select 1 from relays where state = 'in-agency' and agency_id = ? limit 1`);
  const byRequest = db.prepare(`select ${columns} where request_id = ?`);
  const byCase = db.prepare(`select ${columns} where case_id = ?`);
  const verified = db.prepare(
    `update relays set state = 'to-send', verdict = 'passed', agency_id = ? where case_id = ?`,
  );
  const refused = db.prepare(
    `update relays set state = 'refused', verdict = coalesce(verdict, 'failed'), trouble_code = ?, trouble_note = ? where case_id = ?`,
  );
  const registered = db.prepare(
    `update relays set state = 'in-agency', registration_number = ? where case_id = ?`,
  );
  const accepted = db.prepare(`update relays set state = 'result-ready', result_sha256 = ?, result_bytes = ?,
    result_verdict = 'passed', trouble_code = null, trouble_note = null where case_id = ?`);
  const resultRefused = db.prepare(`update relays set result_sha256 = ?, result_bytes = ?, result_verdict = ?,
    trouble_code = ?, trouble_note = ? where case_id = ?`);
  const event = db.prepare(
    'insert into agency_events (agency_id, seq, at) values (?, ?, ?) on conflict do nothing',
  );
  const last = db.prepare('select coalesce(max(seq), 0) as seq from agency_events where agency_id = ?');
  return {
    inState: state => byState.all(state) as unknown as RelayRow[],
    toSend: agencyId => toSend.all(agencyId) as unknown as RelayRow[],
    isAtWork: agencyId => atWork.get(agencyId) !== undefined,
    findByRequest: requestId => byRequest.get(requestId) as RelayRow | undefined,
    find: caseId => byCase.get(caseId) as RelayRow | undefined,
    verified: (caseId, agencyId) => verified.run(agencyId, caseId),
    refused: (caseId, code, note) => refused.run(code, note, caseId),
    registered: (caseId, number) => registered.run(number, caseId),
    resultAccepted: (caseId, result) => accepted.run(result.sha256, result.sizeBytes, caseId),
    resultRefused: (caseId, result, verdict, code, note) =>
      resultRefused.run(result.sha256, result.sizeBytes, verdict, code, note, caseId),
    firstTime: (agencyId, seq, at) => event.run(agencyId, seq, at).changes > 0,
    lastEvent: agencyId => (last.get(agencyId) as { seq: number }).seq,
  };
}
