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

/** The version of a database that the first of these statements made. */
export const firstBoxVersion = 7;

/**
 * Statements that make what is record in the box's database, and then each change of it; every one is applied once, in
 * order. What is projection, `migrate-box.ts` makes.
 */
export const boxMigrations: readonly string[] = [
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

  -- position: order in which this box wrote, over all epochs; what waits for the centre lies behind the newest receipt
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
  create index facts_subject on facts (subject, position);
  create index facts_case on facts (case_id, position) where case_id is not null;
  create table dead_letters (position integer primary key references facts (position), told_at text not null) strict;

  create table state (key text primary key, value text not null) strict, without rowid;

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

  -- acts that a repeated request must not do twice; of today
  create table hall_requests (id text primary key, day text not null) strict, without rowid;
  `,
];
