import { appointmentProjection } from './projections/appointments.ts';
import { caseProjection } from './projections/cases.ts';
import { documentProjection } from './projections/documents.ts';
import { hallProjection } from './projections/hall.ts';
import { parkedProjection } from './projections/parked-entries.ts';
import type { Projection } from './projections/projection.ts';
import { ticketProjection } from './projections/tickets.ts';
import { toldWaitProjection } from './projections/told-waits.ts';

/** Every projection of the journal. Each can be dropped and built again from the facts. */
export const projections: readonly Projection[] = [
  ticketProjection,
  toldWaitProjection,
  appointmentProjection,
  hallProjection,
  caseProjection,
  documentProjection,
  parkedProjection,
];

/** Statements that make what is record in the box's database; each is applied once, in order. */
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
  // Projections and an index of theirs were made here once; now `migrate-box.ts` makes them.
  '',
  '',
  `
  -- journals of this box, oldest first; the newest is the one that is written
  create table epochs (
    number integer primary key,
    epoch text not null unique,
    receipted integer not null default 0,
    checkpointed integer not null default 0,
    -- parts of it were lost with a damaged database
    damaged integer not null default 0
  ) strict;
  insert into epochs (number, epoch, receipted, checkpointed) select 1, value,
    coalesce((select cast(value as integer) from state where key = 'receipted'), 0),
    coalesce((select cast(value as integer) from state where key = 'checkpointed'), 0)
    from state where key = 'epoch';
  delete from state where key in ('epoch', 'receipted', 'checkpointed');

  drop index facts_subject;
  drop index facts_case;
  alter table facts rename to facts_1;
  alter table outbox rename to outbox_1;
  alter table dead_letters rename to dead_letters_1;
  -- position: order in which this box wrote, over all epochs
  -- standing: own; copy = carried into a new epoch, projected where it came from; orphan = what it speaks of is lost
  create table facts (
    position integer primary key,
    epoch text not null,
    seq integer not null,
    id text not null unique,
    type text not null,
    at text not null,
    clock text not null,
    subject text not null,
    body text not null,
    prev_hash text not null,
    hash text not null,
    standing text not null default 'own',
    case_id text generated always as (json_extract(body, '$.caseId')) stored,
    unique (epoch, seq)
  ) strict;
  insert into facts (position, epoch, seq, id, type, at, clock, subject, body, prev_hash, hash)
    select seq, epoch, seq, id, type, at, clock, subject, body, prev_hash, hash from facts_1;
  create table outbox (position integer primary key references facts (position)) strict;
  insert into outbox select seq from outbox_1;
  create table dead_letters (position integer primary key references facts (position), told_at text not null) strict;
  insert into dead_letters select seq, told_at from dead_letters_1;
  drop table outbox_1;
  drop table dead_letters_1;
  drop table facts_1;
  create index facts_subject on facts (subject, position);
  create index facts_case on facts (case_id, position) where case_id is not null;
  `,
  `
  -- what waits for the centre is what lies behind the newest receipt, and needs no rows of its own
  drop table outbox;
  `,
  `
  -- what clerks and administrators write about visitors: never a fact, forgotten with the day (ADR 41)
  create table hall_words (
    id text primary key,
    kind text not null,
    subject text not null,
    day text not null,
    said_by text not null,
    at text not null,
    words text not null
  ) strict;
  create index hall_words_subject on hall_words (subject);
  `,
  `
  -- acts that a repeated request must not do twice; of today
  create table hall_requests (id text primary key, day text not null) strict, without rowid;
  `,
];
