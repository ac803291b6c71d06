import Type, { type Static } from 'typebox';
import { Id, Sha256, type Text } from '../values.ts';
import type { ApiError, HistoryLine } from './common.ts';

/* The archive of the centre as its pages see it (LED-2.7, LED-3.10, LED-4.1, LED-4.2). Days are YYYY-MM-DD in the region's zone. */

/** `GET /api/archive`: figures of packages and results, each counted by itself. */
export interface ArchiveView {
  timeZone: string;
  today: string;
  /** Kept in all; of these: term not begun, term over and on no hold, on hold, for good. */
  kept: number;
  open: number;
  due: number;
  held: number;
  permanent: number;
  handedOver: number;
  destroyed: number;
  /** How far the look at digests and signatures is: `oldest` is when the one looked at longest ago was. */
  scrub: { checked: number; oldest: string | null; failed: number };
  copies: { made: number; failed: number };
}

export const ArchiveQuery = Type.Object({
  show: Type.Optional(
    Type.Enum(['all', 'open', 'due', 'held', 'permanent', 'handed-over', 'destroyed', 'failed']),
  ),
  /** Part of a case's number. */
  number: Type.Optional(Type.String({ maxLength: 40 })),
});
export type ArchiveQuery = Static<typeof ArchiveQuery>;

/** `GET /api/archive/cases?show=due&number=…` → the newest of these. */
export interface ArchiveCaseLine {
  caseId: string;
  number: string;
  box: string;
  serviceTitle: Text;
  /** Of the newest entry of the case. */
  keptAt: string;
  handedOutAt: string | null;
  retention: string;
  keepUntil: string | null;
  state: 'kept' | 'handed-over' | 'destroyed';
  held: boolean;
  failed: boolean;
}

/** `GET /api/archive/cases/{caseId}` */
export interface ArchiveCaseView extends ArchiveCaseLine {
  entries: ArchiveEntryView[];
  holds: HoldView[];
  /** Who looked at what and why, the newest first. */
  looks: HistoryLine[];
  /** What else the archive did with it. */
  history: HistoryLine[];
}
export interface ArchiveEntryView {
  sha256: string;
  kind: 'package' | 'result';
  sizeBytes: number;
  keptAt: string;
  state: ArchiveCaseLine['state'];
  act: number | null;
  checkedAt: string | null;
  error: ApiError | null;
  copy:
    | { state: 'made'; sizeBytes: number; pages: number }
    | { state: 'waiting' }
    | { state: 'failed'; error: ApiError };
}
export interface HoldView {
  number: number;
  reason: string;
  placedBy: string;
  placedAt: string;
  lifted: { by: string; at: string; reason: string } | null;
}

/** `GET /api/archive/cases/{caseId}/{sha256}/{original|readable|with-evidence}?why=…` → bytes; each look is written down first. */
export const LookParams = Type.Object({
  caseId: Id,
  sha256: Sha256,
  what: Type.Enum(['original', 'readable', 'with-evidence']),
});
export const LookQuery = Type.Object({ why: Type.Optional(Type.String({ maxLength: 300 })) });

/** `POST /api/archive/cases/{caseId}/holds`, `POST /api/archive/holds/{number}/lift`, `POST /api/archive/acts/{number}/reject` */
export const Reason = Type.Object({ reason: Type.String({ minLength: 3, maxLength: 300, pattern: '\\S' }) });
/** `POST /api/archive/acts` → `ActView`; `POST /api/archive/acts/{number}/approve` → `ActView` */
export const ActWish = Type.Object({
  kind: Type.Enum(['destruction', 'hand-over']),
  reason: Reason.properties.reason,
});

/** `GET /api/archive/acts`; `GET /api/archive/acts/{number}.xml`, `.pdf`: the list as a document. */
export interface ActLine {
  number: number;
  kind: 'destruction' | 'hand-over';
  state: 'prepared' | 'approved' | 'rejected' | 'done';
  reason: string;
  prepared: { login: string; name: string; at: string };
  decided: { login: string; name: string; at: string; reason: string | null } | null;
  doneAt: string | null;
  entries: number;
  sizeBytes: number;
}
/** `GET /api/archive/acts/{number}` */
export interface ActView extends ActLine {
  list: {
    caseId: string;
    caseNumber: string;
    box: string;
    serviceTitle: Text;
    kind: 'package' | 'result';
    sha256: string;
    sizeBytes: number;
    handedOutAt: string | null;
    retention: string;
    keepUntil: string | null;
    outcome: 'destroyed' | 'handed-over' | 'held' | 'not-due' | 'rejected' | null;
  }[];
}
