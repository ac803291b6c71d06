import type { SqlWords } from './sql-words.ts';

/** Tables of `central/archive`. */
export const archiveTables = ({ strict, selfNumbered, whole }: SqlWords): string => `
  -- what is kept: packages and results; a destroyed one stays as its own tombstone
  create table archive_entries (
    case_id text not null,
    sha256 text not null,
    kind text not null,
    -- number of the event of the case that brought it
    event ${whole} not null,
    size_bytes ${whole} not null,
    kept_at text not null,
    retention text not null,
    handed_out_at text,
    -- the last day, YYYY-MM-DD in the region's zone; null before the hand-out and for what is kept for good
    keep_until text,
    state text not null,
    state_at text not null,
    -- the act that destroyed it or handed it over
    act ${whole},
    -- when the bytes of a destroyed one were gone
    removed_at text,
    -- the newest look at digest and signatures: what was wrong, or null
    checked_at text,
    check_code text,
    check_note text,
    primary key (case_id, sha256)
  ) ${strict};
  create index archive_content on archive_entries (sha256);
  create index archive_event on archive_entries (event);
  create index archive_due on archive_entries (keep_until) where state = 'kept';
  create index archive_open on archive_entries (case_id) where state = 'kept' and handed_out_at is null;
  create index archive_checked on archive_entries (checked_at) where state <> 'destroyed';
  create index archive_removed on archive_entries (sha256) where state = 'destroyed' and removed_at is null;

  create table archive_holds (
    number ${selfNumbered},
    case_id text not null,
    reason text not null,
    placed_by text not null,
    placed_at text not null,
    lifted_by text,
    lifted_at text,
    lift_reason text
  ) ${strict};
  create index archive_holds_case on archive_holds (case_id);

  -- destruction acts and lists for the state archive
  create table archive_acts (
    number ${selfNumbered},
    kind text not null,
    state text not null,
    reason text not null,
    prepared_by text not null,
    prepared_name text not null,
    prepared_at text not null,
    decided_by text,
    decided_name text,
    decided_at text,
    decision text,
    done_at text
  ) ${strict};
  create table archive_act_entries (
    act ${whole} not null,
    case_id text not null,
    sha256 text not null,
    outcome text,
    primary key (act, case_id, sha256)
  ) ${strict};
  create index archive_act_open on archive_act_entries (case_id, sha256) where outcome is null;

  -- readable copies by the digest of what they show
  create table archive_copies (
    sha256 text primary key,
    copy_sha256 text,
    copy_bytes ${whole},
    pages ${whole},
    made_at text,
    tries ${whole} not null,
    code text
  ) ${strict};
`;
