import type { SqlWords } from './sql-words.ts';

/** Tables of `central/audit` and `central/evidence`. */
export const proofTables = ({ strict, strictWithoutRowid, whole }: SqlWords): string => `
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
  -- who still needs a piece of evidence
  create index evidence_piece on evidence (sha256);
  create table evidence_awaited (
    content text not null,
    kind text not null,
    what text not null,
    case_number text not null,
    since text not null,
    primary key (content, kind)
  ) ${strictWithoutRowid};
  create index evidence_awaited_since on evidence_awaited (kind, since);
  -- until when the newest time stamp of content is good, and by what; '' where nobody has looked yet
  create table evidence_terms (
    content text primary key,
    good_until text not null,
    imprint text not null,
    algorithm text not null
  ) ${strictWithoutRowid};
  create index evidence_terms_due on evidence_terms (good_until);
`;
