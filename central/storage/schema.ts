import { archiveMigration } from './archive-schema.ts';
import type { SqlWords } from './sql-words.ts';

/** Statements that make the centre's database, whichever it is; each is applied once, in order. */
export const centreMigrations: readonly ((words: SqlWords) => string)[] = [
  ({ strict, strictWithoutRowid, selfNumbered, whole }) => `
  -- what boxes wrote, as they wrote it
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
    case_id text,
    primary key (box, epoch, seq)
  ) ${strictWithoutRowid};
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

  create table boxes (
    box text primary key,
    link text not null default 'never-seen',
    since text,
    session ${whole} not null default 0,
    software text,
    register_version ${whole} not null default 0
  ) ${strict};

  -- content that is in the blob store for good
  create table contents (sha256 text primary key, size_bytes ${whole} not null, media_type text not null, at text not null) ${strict};

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

  -- projections of the facts
  create table tickets (id text primary key, box text not null, day text not null, state text not null) ${strict};
  create index tickets_box on tickets (box, day, state);
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

  -- what happened in the centre and in the agency, in order
  create table case_events (
    number ${selfNumbered},
    case_id text not null,
    at text not null,
    event text not null,
    by_whom text not null,
    note text
  ) ${strict};
  create index case_events_case on case_events (case_id);

  create table agency_events (agency_id text not null, seq ${whole} not null, at text not null, primary key (agency_id, seq)) ${strict};
  create table troubles (number ${selfNumbered}, at text not null, code text not null, subject text not null, details text not null) ${strict};
  `,
  ({ strictWithoutRowid, whole, member }) => `
  -- members of a fact that a newer box wrote and this version does not know
  alter table facts add column more text;

  -- content that facts name and that is not here yet
  create table awaited (
    sha256 text not null,
    box text not null,
    epoch text not null,
    seq ${whole} not null,
    primary key (box, epoch, seq, sha256)
  ) ${strictWithoutRowid};
  create index awaited_content on awaited (sha256);
  insert into awaited (sha256, box, epoch, seq)
    select ${member('body', 'package', 'sha256')} as sha256, box, epoch, seq from facts
    where type = 'case.sent' and not exists (select 1 from contents where sha256 = ${member('body', 'package', 'sha256')});

  create index troubles_same on troubles (code, subject, at);
  `,
  ({ strictWithoutRowid, whole }) => `
  -- the case of a fact is filled in by the centre: not every database can take it out of any body
  create table facts_with_case (
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
    case_id text,
    more text,
    primary key (box, epoch, seq)
  ) ${strictWithoutRowid};
  insert into facts_with_case (box, epoch, seq, id, type, at, clock, subject, body, prev_hash, received_at, case_id, more)
    select box, epoch, seq, id, type, at, clock, subject, body, prev_hash, received_at, case_id, more from facts;
  drop table facts;
  alter table facts_with_case rename to facts;
  create index facts_subject on facts (subject);
  create index facts_case on facts (case_id) where case_id is not null;
  `,
  ({ strict, strictWithoutRowid, whole }) => `
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
  -- what the box told last of itself
  alter table boxes add column sample text;
  alter table boxes add column sampled_at text;
  `,
  ({ strictWithoutRowid, whole }) => `
  -- facts of newer boxes that this version cannot read yet
  create table parked_facts (
    box text not null,
    epoch text not null,
    seq ${whole} not null,
    type text not null,
    primary key (box, epoch, seq)
  ) ${strictWithoutRowid};
  `,
  ({ strict, strictWithoutRowid, whole }) => `
  -- the log of what happened, a Merkle tree: leaves from 0, whole subtrees above them, and its signatures
  create table audit_leaves (
    position ${whole} primary key,
    source text not null unique,
    event ${whole},
    entry text not null,
    hash text not null
  ) ${strict};
  create index audit_leaves_event on audit_leaves (event);
  create table audit_nodes (
    level ${whole} not null,
    at ${whole} not null,
    hash text not null,
    primary key (level, at)
  ) ${strictWithoutRowid};
  create table audit_checkpoints (
    size ${whole} primary key,
    origin text not null,
    root text not null,
    at text not null,
    certificate text not null,
    signature text not null,
    -- of an outside authority, RFC 3161
    stamp text
  ) ${strict};
  -- digest of what came or went with an event
  alter table case_events add column content text;
  `,
  ({ clusters, strict, whole }) =>
    clusters
      ? `
  -- facts of many boxes come mixed: each goes to the end, and only a short key into its place
  create table facts_as_they_came (
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
    case_id text,
    more text,
    primary key (box, epoch, seq)
  ) ${strict};
  insert into facts_as_they_came (box, epoch, seq, id, type, at, clock, subject, body, prev_hash, received_at, case_id, more)
    select box, epoch, seq, id, type, at, clock, subject, body, prev_hash, received_at, case_id, more from facts;
  drop table facts;
  alter table facts_as_they_came rename to facts;
  create index facts_subject on facts (subject);
  create index facts_case on facts (case_id) where case_id is not null;
  `
      : '',
  ({ strict, whole }) => `
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
  `,
  archiveMigration,
  ({ strict, strictWithoutRowid }) => `
  -- lists of revoked certificates and answers about them, as they were fetched last; bytes are blobs
  create table revocation_cache (
    source text primary key,
    kind text not null,
    sha256 text not null,
    fetched_at text not null
  ) ${strict};
  -- what proves packages and results later: lists, answers, time stamps
  create table evidence (
    content text not null,
    kind text not null,
    sha256 text not null,
    at text not null,
    primary key (content, kind, sha256)
  ) ${strictWithoutRowid};
  create table evidence_awaited (
    content text not null,
    kind text not null,
    what text not null,
    case_number text not null,
    since text not null,
    primary key (content, kind)
  ) ${strictWithoutRowid};
  create index evidence_awaited_since on evidence_awaited (kind, since);
  `,
  ({ strictWithoutRowid }) => `
  -- until when the newest time stamp of content is good, and by what; '' where nobody has looked yet
  create table evidence_terms (
    content text primary key,
    good_until text not null,
    imprint text not null,
    algorithm text not null
  ) ${strictWithoutRowid};
  insert into evidence_terms (content, good_until, imprint, algorithm)
    select distinct content, '', '', '' from evidence
    where kind = 'stamp' and content in (select sha256 from contents);
  create index evidence_terms_due on evidence_terms (good_until);
  -- who still needs a piece of evidence
  create index evidence_piece on evidence (sha256);
  `,
  () => `
  -- a day is counted as a whole; a ticket that goes on stays where it is in the index
  drop index tickets_box;
  create index tickets_day on tickets (day);
  `,
];
