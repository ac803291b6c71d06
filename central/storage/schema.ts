import { archiveTables } from './archive-schema.ts';
import { proofTables } from './proof-schema.ts';
import type { SqlWords } from './sql-words.ts';

/** The version of a database that the first of these statements made. */
export const firstCentreVersion = 12;

/** Statements that make the centre's database, and then each change of it; every one is applied once, in order. */
export const centreMigrations: readonly ((words: SqlWords) => string)[] = [
  words =>
    factTables(words) + boxTables(words) + caseTables(words) + proofTables(words) + archiveTables(words),
];

const factTables = ({ strict, strictWithoutRowid, whole }: SqlWords) => `
  -- What boxes wrote, as they wrote it. Facts of many boxes come mixed: each goes to the end of the table, and only
  -- a short key into its place.
  create table facts (
    box text not null,
    epoch text not null,
    seq ${whole} not null,
    id text not null,
    type text not null,
    at text not null,
    clock text not null,
    subject text not null,
    body text not null,
    prev_hash text not null,
    received_at text not null,
    -- filled in by the centre: not every database can take it out of any body
    case_id text,
    -- members of a fact that a newer box wrote and this version does not know
    more text,
    primary key (box, epoch, seq)
  ) ${strict};
  create index facts_subject on facts (subject);
  create index facts_case on facts (case_id) where case_id is not null;

  -- facts that could not be read; they count as received
  create table dead_letters (
    box text not null,
    epoch text not null,
    seq ${whole} not null,
    raw text not null,
    reason text not null,
    received_at text not null,
    primary key (box, epoch, seq)
  ) ${strict};

  -- facts of newer boxes that this version cannot read yet
  create table parked_facts (
    box text not null,
    epoch text not null,
    seq ${whole} not null,
    type text not null,
    primary key (box, epoch, seq)
  ) ${strictWithoutRowid};

  -- one journal of one box: stored without a hole up to, receipted up to, digest of the last stored fact
  create table streams (
    box text not null,
    epoch text not null,
    begun_at text not null,
    stored ${whole} not null default 0,
    up_to ${whole} not null default 0,
    last_hash text not null,
    primary key (box, epoch)
  ) ${strict};

  -- content that is in the blob store for good
  create table contents (sha256 text primary key, size_bytes ${whole} not null, media_type text not null, at text not null) ${strict};

  -- content that facts name and that is not here yet
  create table awaited (
    sha256 text not null,
    box text not null,
    epoch text not null,
    seq ${whole} not null,
    primary key (box, epoch, seq, sha256)
  ) ${strictWithoutRowid};
  create index awaited_content on awaited (sha256);
`;

const boxTables = ({ strict, strictWithoutRowid, whole }: SqlWords) => `
  create table boxes (
    box text primary key,
    link text not null default 'never-seen',
    since text,
    session ${whole} not null default 0,
    software text,
    register_version ${whole} not null default 0,
    -- what the box told last of itself
    sample text,
    sampled_at text
  ) ${strict};

  -- telemetry and logs of boxes, some days of them
  create table observations (
    box text not null,
    class text not null,
    epoch text not null,
    seq ${whole} not null,
    at text not null,
    type text not null,
    body text not null,
    received_at text not null,
    primary key (box, class, epoch, seq)
  ) ${strictWithoutRowid};
  create table observation_marks (
    box text not null,
    epoch text not null,
    class text not null,
    up_to ${whole} not null,
    dropped ${whole} not null,
    primary key (box, epoch, class)
  ) ${strict};

  -- what the centre says to a box
  create table down_logs (box text primary key, log text not null, receipted ${whole} not null default 0) ${strict};
  create table down_entries (
    box text not null,
    seq ${whole} not null,
    at text not null,
    type text not null,
    body text not null,
    content text,
    primary key (box, seq)
  ) ${strict};
  create index down_content on down_entries (content, box) where content is not null;

  create table registers (version ${whole} primary key, sha256 text not null, size_bytes ${whole} not null, published_at text not null) ${strict};
`;

const caseTables = ({ strict, selfNumbered, whole }: SqlWords) => `
  -- projections of the facts; a ticket that goes on stays where it is in the index
  create table tickets (id text primary key, box text not null, day text not null, state text not null) ${strict};
  create index tickets_day on tickets (day);
  create table cases (
    id text primary key,
    box text not null,
    number text not null,
    service_id text not null,
    ticket_id text not null,
    opened_at text not null,
    state text not null,
    handed_out_at text
  ) ${strict};

  -- what the centre and the branches booked ahead; names nobody
  create table appointments (
    id text primary key,
    box text not null,
    code text not null,
    service_id text not null,
    day text not null,
    at text not null,
    slots ${whole} not null,
    share text not null,
    state text not null,
    version ${whole} not null,
    device text,
    made_at text not null
  ) ${strict};
  create index appointments_day on appointments (box, day);
  create index appointments_code on appointments (code);
  create index appointments_device on appointments (device) where device is not null;

  -- packages on their way to an agency
  create table relays (
    case_id text primary key,
    box text not null,
    request_id text not null unique,
    package_sha256 text not null,
    package_bytes ${whole} not null,
    package_media_type text not null,
    sent_by_box_at text not null,
    state text not null,
    agency_id text,
    verdict text,
    registration_number text,
    trouble_code text,
    trouble_note text,
    result_sha256 text,
    result_bytes ${whole},
    result_verdict text
  ) ${strict};
  create index relays_state on relays (state);
  create index relays_package on relays (package_sha256);
  create index relays_result on relays (result_sha256) where result_sha256 is not null;

  -- what happened in the centre and in the agency, in order
  create table case_events (
    number ${selfNumbered},
    case_id text not null,
    at text not null,
    event text not null,
    by_whom text not null,
    note text,
    -- digest of what came or went with it
    content text
  ) ${strict};
  create index case_events_case on case_events (case_id);

  create table agency_events (agency_id text not null, seq ${whole} not null, at text not null, primary key (agency_id, seq)) ${strict};
  create table troubles (number ${selfNumbered}, at text not null, code text not null, subject text not null, details text not null) ${strict};
  create index troubles_same on troubles (code, subject, at);
`;
