import type { Projection } from './projection.ts';

export interface CaseRow {
  id: string;
  number: string;
  service_id: string;
  ticket_id: string;
  clerk: string;
  window: string;
  opened_at: string;
  state: 'open' | 'sent' | 'in-agency' | 'result-ready' | 'handed-out' | 'refused';
  package_id: string | null;
  package_sha256: string | null;
  package_bytes: number | null;
  sent_at: string | null;
  sent_seq: number | null;
  result_sha256: string | null;
  result_bytes: number | null;
  result_at: string | null;
  trouble_code: string | null;
  trouble_note: string | null;
  handed_out_at: string | null;
}

export interface CopyRow {
  case_id: string;
  copy_number: number;
  pdf_sha256: string;
  /** The result that this is a copy of; a second result needs a copy of its own. */
  result_sha256: string;
  made_at: string;
  clerk: string;
  pages: number;
  printed_on: string | null;
}

/** Words of centre and agency that mean the package will not go on. */
const refusals = new Set(['refused', 'package-refused', 'no-agreement']);

export const caseProjection: Projection = {
  tables: ['paper_copies', 'cases'],
  schema: `
  create table cases (
    id text primary key,
    number text not null unique,
    service_id text not null,
    ticket_id text not null,
    clerk text not null,
    window text not null,
    opened_at text not null,
    state text not null,
    package_id text,
    package_sha256 text,
    package_bytes integer,
    sent_at text,
    sent_seq integer,
    result_sha256 text,
    result_bytes integer,
    result_at text,
    trouble_code text,
    trouble_note text,
    handed_out_at text
  ) strict;
  create index cases_ticket on cases (ticket_id);
  create index cases_result on cases (result_sha256) where result_sha256 is not null;
  create table paper_copies (
    case_id text not null references cases (id),
    copy_number integer not null,
    pdf_sha256 text not null,
    result_sha256 text not null,
    made_at text not null,
    clerk text not null,
    pages integer not null,
    printed_on text,
    primary key (case_id, copy_number)
  ) strict;
  create index paper_copies_made on paper_copies (made_at);
  `,
  prepare(db) {
    const opened =
      db.prepare(`insert into cases (id, number, service_id, ticket_id, clerk, window, opened_at, state)
      values (?, ?, ?, ?, ?, ?, ?, 'open')`);
    const sent =
      db.prepare(`update cases set state = 'sent', package_id = ?, package_sha256 = ?, package_bytes = ?,
      sent_at = ?, sent_seq = ? where id = ?`);
    const moved = db.prepare(
      `update cases set state = ? where id = ? and state in ('sent', 'in-agency', 'refused')`,
    );
    const troubled = db.prepare(`update cases set trouble_code = ?, trouble_note = ? where id = ?`);
    const result =
      db.prepare(`update cases set state = 'result-ready', result_sha256 = ?, result_bytes = ?, result_at = ?,
      trouble_code = null, trouble_note = null where id = ?`);
    const handedOut = db.prepare(`update cases set state = 'handed-out', handed_out_at = ? where id = ?`);
    const copyMade = db.prepare(
      `insert into paper_copies (case_id, copy_number, pdf_sha256, result_sha256, made_at, clerk, pages)
       values (?, ?, ?, ?, ?, ?, ?)`,
    );
    const copyPrinted = db.prepare(
      `update paper_copies set printed_on = ? where case_id = ? and copy_number = ?`,
    );
    return (fact, position) => {
      switch (fact.type) {
        case 'case.opened': {
          const { number, serviceId, ticketId, clerk, window } = fact.body;
          opened.run(fact.subject, number, serviceId, ticketId, clerk, window, fact.at);
          break;
        }
        case 'case.sent': {
          const { packageId, package: content } = fact.body;
          sent.run(packageId, content.sha256, content.sizeBytes, fact.at, position, fact.subject);
          break;
        }
        case 'case.status-received': {
          const { status, by, code, note } = fact.body;
          if (refusals.has(status)) moved.run('refused', fact.subject);
          else if (by === 'agency') moved.run('in-agency', fact.subject);
          if (code) troubled.run(code, note ?? null, fact.subject);
          break;
        }
        case 'case.result-received':
          result.run(fact.body.result.sha256, fact.body.result.sizeBytes, fact.at, fact.subject);
          break;
        case 'case.result-refused':
          troubled.run(fact.body.code, fact.body.reason, fact.subject);
          break;
        case 'case.result-handed-out':
          handedOut.run(fact.at, fact.subject);
          break;
        case 'case.paper-copy-made': {
          const { copyNumber, pdf, result: shown, clerk, pages } = fact.body;
          copyMade.run(fact.subject, copyNumber, pdf.sha256, shown, fact.at, clerk, pages);
          break;
        }
        case 'case.paper-copy-printed':
          copyPrinted.run(fact.body.printer, fact.subject, fact.body.copyNumber);
          break;
      }
    };
  },
};
