import { caseProjection } from './projections/cases.ts';
import { documentProjection } from './projections/documents.ts';
import type { Projection } from './projections/projection.ts';
import { ticketProjection } from './projections/tickets.ts';

/** Every projection of the journal. Each can be dropped and built again from the facts. */
export const projections: readonly Projection[] = [ticketProjection, caseProjection, documentProjection];

/** Statements that make the box database; each is applied once, in order. */
export const boxMigrations: readonly string[] = [
  `
  create table facts (
    seq integer not null,
    epoch text not null,
    id text not null unique,
    type text not null,
    at text not null,
    clock text not null,
    subject text not null,
    body text not null,
    prev_hash text not null,
    hash text not null,
    case_id text generated always as (json_extract(body, '$.caseId')) stored,
    primary key (seq)
  ) strict;
  create index facts_subject on facts (subject, seq);
  create index facts_case on facts (case_id, seq) where case_id is not null;
  create table outbox (seq integer primary key references facts (seq)) strict;
  create table dead_letters (seq integer primary key references facts (seq), told_at text not null) strict;
  create table state (key text primary key, value text not null) strict, without rowid;
  `,
  projections.map(projection => projection.schema).join('\n'),
  `create index tickets_numbers on tickets (day, substr(number, 1, 1), issued_seq);`,
];
