import type { Generated } from 'kysely';
import type { FactColumns } from '../../platform/fact-row.ts';
import type { AppointmentState } from '../../protocol/appointments/appointment.ts';
import type { Share } from '../../protocol/appointments/timetable.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ObservationClass } from '../../protocol/outbox.ts';
import type { ArchiveTables } from './archive-tables.ts';

/** Rows as both databases give them: text, whole numbers and null, nothing else. */
export interface CentreTables extends ArchiveTables {
  facts: FactRow;
  dead_letters: {
    box: string;
    epoch: string;
    seq: number;
    raw: string;
    reason: 'malformed' | 'forked';
    received_at: string;
  };
  parked_facts: { box: string; epoch: string; seq: number; type: string };
  streams: {
    box: string;
    epoch: string;
    begun_at: string;
    stored: Generated<number>;
    up_to: Generated<number>;
    last_hash: string;
  };
  boxes: {
    box: string;
    link: Generated<'never-seen' | 'connected' | 'offline'>;
    since: string | null;
    session: Generated<number>;
    software: string | null;
    register_version: Generated<number>;
    sample: string | null;
    sampled_at: string | null;
  };
  observations: {
    box: string;
    class: ObservationClass;
    epoch: string;
    seq: number;
    at: string;
    type: string;
    body: string;
    received_at: string;
  };
  observation_marks: { box: string; epoch: string; class: ObservationClass; up_to: number; dropped: number };
  contents: { sha256: string; size_bytes: number; media_type: string; at: string };
  awaited: { sha256: string; box: string; epoch: string; seq: number };
  down_logs: { box: string; log: string; receipted: Generated<number> };
  down_entries: { box: string; seq: number; at: string; type: string; body: string; content: string | null };
  registers: { version: number; sha256: string; size_bytes: number; published_at: string };
  tickets: { id: string; box: string; day: string; state: string };
  cases: {
    id: string;
    box: string;
    number: string;
    service_id: string;
    ticket_id: string;
    opened_at: string;
    state: 'open' | 'sent' | 'handed-out';
    handed_out_at: string | null;
  };
  relays: {
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
  };
  case_events: {
    number: Generated<number>;
    case_id: string;
    at: string;
    event: string;
    by_whom: string;
    note: string | null;
    content: string | null;
  };
  agency_events: { agency_id: string; seq: number; at: string };
  audit_leaves: { position: number; source: string; event: number | null; entry: string; hash: string };
  audit_nodes: { level: number; at: number; hash: string };
  audit_checkpoints: {
    size: number;
    origin: string;
    root: string;
    at: string;
    certificate: string;
    signature: string;
    stamp: string | null;
  };
  revocation_cache: { source: string; kind: 'crl' | 'ocsp'; sha256: string; fetched_at: string };
  evidence: {
    content: string;
    /** `record` and the `record-stamp` over it renew what was there before (ADR 48). */
    kind: 'crl' | 'ocsp' | 'stamp' | 'record' | 'record-stamp';
    sha256: string;
    at: string;
  };
  evidence_terms: { content: string; good_until: string; imprint: string; algorithm: string };
  evidence_awaited: {
    content: string;
    kind: 'revocation' | 'stamp';
    what: 'package' | 'result';
    case_number: string;
    since: string;
  };
  appointments: {
    id: string;
    box: string;
    code: string;
    service_id: string;
    day: string;
    at: string;
    slots: number;
    share: Share;
    state: AppointmentState;
    version: number;
    /** Random key of the device that booked on the public page, for the limit per device. */
    device: string | null;
    made_at: string;
  };
  troubles: { number: Generated<number>; at: string; code: ErrorCode; subject: string; details: string };
}

export type RelayState = 'package-awaited' | 'to-send' | 'in-agency' | 'result-ready' | 'refused';

export interface FactRow extends FactColumns {
  box: string;
  received_at: string;
  case_id: string | null;
  more: string | null;
}
