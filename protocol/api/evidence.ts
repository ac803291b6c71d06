/* What proves a package or a result, as the pages of the centre see it (ADR 31, ADR 48). Times are ISO 8601 in UTC. */

/**
 * `none`: the centre gathers no evidence; `awaited`: it comes within minutes; `outage`: it is awaited for long;
 * `no-stamp`: revocation is known, and the centre asks for no stamps; `complete`; `renewal`: the stamp ends soon
 * or rests on what is weak, and a newer one is taken; `lapsed`: no stamp holds any more; `destroyed`: by an act.
 */
export type EvidenceState =
  | 'none'
  | 'awaited'
  | 'outage'
  | 'no-stamp'
  | 'complete'
  | 'renewal'
  | 'lapsed'
  | 'destroyed';

/** `GET /api/evidence/{sha256}` */
export interface EvidenceView {
  sha256: string;
  state: EvidenceState;
  /** Since when the content is proved to have existed, judged now. */
  provenSince: string | null;
  /** When the certificate behind the newest stamp ends. */
  goodUntil: string | null;
  /** From when on a newer stamp is taken. */
  renewFrom: string | null;
  awaited: { kind: 'stamp' | 'revocation'; since: string }[];
  /** When the centre took the content, and when its archive looked at it last. */
  keptAt: string | null;
  checkedAt: string | null;
  pieces: EvidencePieceView[];
}

/** `GET /api/evidence/{sha256}/files/{piece}` gives its bytes; `…/files` all of them as a ZIP archive. */
export interface EvidencePieceView {
  kind: 'stamp' | 'record' | 'record-stamp' | 'crl' | 'ocsp';
  sha256: string;
  /** Null when it is gone: with destroyed content, or because the disk lost it. */
  sizeBytes: number | null;
  /** When the centre took it. */
  at: string;
  /** Who made it, as its certificate or list says; null for records and for what cannot be read. */
  by: string | null;
  /** What it states: the time of a stamp, when a list or an answer was made. */
  statedAt: string | null;
  /** Until when it says something. */
  until: string | null;
}
