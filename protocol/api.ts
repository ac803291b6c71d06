import Type, { type Static } from 'typebox';
import type { DocumentWarning } from './document-warnings.ts';
import type { LineDetails, QueueDetails } from './hall-api.ts';
import { Purpose } from './hall-rules.ts';
import { limits } from './limits.ts';
import type { OutboxCounters } from './outbox.ts';
import type { Closing } from './outlook-api.ts';
import type { Register } from './register.ts';
import { Id, Key, Sha256, type Text, Turn } from './values.ts';

/*
 * What a box says to its pages and takes from them. Times are ISO 8601 in UTC; pages show them in the
 * branch's zone. A refusal is `ApiError` with the status of the error table.
 *
 * Live pages: `GET /api/live` (server-sent events). `event: changed`, `data: {"topics":["queue","cases"]}`
 * tells what to fetch again; `event: alive` every 5 s says that figures are current.
 */

export interface ApiError {
  code: string;
  ru: string;
  en: string;
  details: Record<string, unknown>;
}

export type LiveTopic =
  | 'hub'
  | 'queue'
  | 'board'
  | 'hall'
  | 'cases'
  | 'devices'
  | 'link'
  | 'register'
  | 'incoming';
export interface LiveChange {
  topics: LiveTopic[];
}

/** Told wait, in whole minutes from now: a range that four waits of five end within (ADR 42). */
export interface Wait {
  fromMinutes: number;
  toMinutes: number;
}

/** `GET /api/branch` */
export interface BranchView {
  id: string;
  name: Text;
  address: Text;
  timeZone: string;
  now: string;
  windows: string[];
  waiting: number;
  wait: Wait;
  closing: Closing | null;
  registerVersion: number;
  /** Told by a kiosk's own box that does not reach the hub: nobody there knows who waits now. */
  alone?: true;
}

/** `GET /api/register` */
export type RegisterView = Register;

/** `POST /api/tickets` */
export const TicketWish = Type.Object({
  requestId: Id,
  serviceId: Key,
  /** `submit` when nobody says. */
  purpose: Type.Optional(Purpose),
  /** Further services, in the order in which they are wanted. */
  more: Type.Optional(Type.Array(Key, { maxItems: 9 })),
  privilege: Type.Optional(Key),
  /** A random key of a phone, or of an appointment: one person takes no second ticket for the same thing. */
  holder: Type.Optional(Type.String({ minLength: 8, maxLength: 64 })),
});
export type TicketWish = Static<typeof TicketWish>;

export type TicketState =
  | 'issued' // numbered, print not confirmed yet
  | 'waiting'
  | 'called'
  | 'serving'
  | 'held' // put aside by the clerk, comes back by itself
  | 'waiting-for-papers'
  | 'done'
  | 'no-show'
  | 'abandoned'
  | 'cancelled';

/** Public: `GET /api/tickets/{id}`; also the answer of `POST /api/tickets` and `…/on-screen`. */
export interface TicketView {
  id: string;
  number: string;
  state: TicketState;
  serviceId: string;
  serviceTitle: Text;
  purpose: Purpose;
  /** Services after this one. */
  more: { serviceId: string; title: Text }[];
  /** After a missed call: until when the person may come back to the old place. */
  mayReturnUntil: string | null;
  mayCancel: boolean;
  issuedAt: string;
  /** People before this one; 0 when next. */
  ahead: number;
  /** Null when nobody waits any more, and when nobody is likely to be called before closing. */
  wait: Wait | null;
  closing: Closing | null;
  window: string | null;
  /** Address of the page that shows this ticket; the same that the QR code holds. */
  statusUrl: string;
  print: { state: 'printing' | 'printed' | 'on-screen' | 'recovered' } | { state: 'failed'; error: ApiError };
}

/** `GET /api/board` */
export interface BoardView {
  branch: Text;
  timeZone: string;
  now: string;
  /** Newest call first. */
  called: { number: string; window: string; calledAt: string }[];
  /** In the order of calling. `windows` are the open ones that serve the person; null: all of them, or nobody can say. */
  waiting: { number: string; windows: string[] | null }[];
  /** For the ticker. */
  announcements: Text[];
  zones: { id: string; title: Text; windows: string[] }[];
}

/** `POST /api/login`, `GET /api/me` */
export const Credentials = Type.Object({
  login: Type.String({ minLength: 1, maxLength: 64 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
});
/** Who works at the centre: operators with cases, archivists with what is kept, auditors look only. */
export type CentreRole = 'operator' | 'archivist' | 'auditor';
export interface Me {
  login: string;
  name: string;
  post: string;
  /** `hall` is the hall administrator, `station` a kiosk with a box of its own. */
  role: 'clerk' | 'technician' | 'hall' | 'station' | 'spare' | CentreRole;
  window: string | null;
}

/** `GET /api/queue` (clerk) */
export interface QueueView extends QueueDetails {
  now: string;
  waiting: QueueLine[];
  /** The ticket at this clerk's window. */
  mine:
    | (QueueLine & {
        state: 'called' | 'serving';
        calledAt: string;
        calls: number;
        servingSince: string | null;
        caseId: string | null;
      })
    | null;
  served: number;
  normMinutes: number;
}
export interface QueueLine extends LineDetails {
  ticketId: string;
  number: string;
  serviceId: string;
  serviceTitle: Text;
  /** Since when the person waits. */
  waitingSince: string;
  /** Set when a power cut left the print in doubt. */
  doubtful: boolean;
}
/** `POST /api/queue/next` → `QueueView`; refusals `queue.nobody-waiting`, `queue.window-busy`. */
/** `POST /api/tickets/{id}/recall|came|no-show|finish` → `QueueView` */

/** `POST /api/cases` → `CaseView` */
export const CaseWish = Type.Object({ ticketId: Id, serviceId: Key });

export type CaseState = 'open' | 'sent' | 'in-agency' | 'result-ready' | 'handed-out' | 'refused';

/** `GET /api/cases` */
export interface CaseLine {
  caseId: string;
  number: string;
  state: CaseState;
  serviceTitle: Text;
  openedAt: string;
  ticketNumber: string;
}

/** `GET /api/cases/{id}` */
export interface CaseView extends CaseLine {
  /** Six digits with which the applicant asks for the state of the case (KEM-14). */
  checkCode: string;
  serviceId: string;
  agency: Text;
  checklist: { kind: string; title: Text; note: Text | null; required: boolean; documentId: string | null }[];
  documents: DocumentView[];
  /** How many pages the clerk took out; they can come back. */
  removedPages: number;
  /** What to look at before signing; while the case is open. */
  warnings: DocumentWarning[];
  /** Steps from call to hand-out, for the line across the top. */
  steps: { step: CaseStep; state: 'done' | 'current' | 'ahead' }[];
  package: { packageId: string; sha256: string; sizeBytes: number; sentAt: string; stored: boolean } | null;
  result: { sha256: string; sizeBytes: number; receivedAt: string } | null;
  /** Newest refusal of a package or result, when there is one. */
  trouble: ApiError | null;
  /** `ofThisResult` is false for a copy of a result that was replaced since. */
  copies: {
    copyNumber: number;
    ofThisResult: boolean;
    pdfSha256: string;
    madeAt: string;
    printedOn: string | null;
  }[];
  /** Everything that happened, oldest first. */
  history: HistoryLine[];
}
export type CaseStep = 'call' | 'documents' | 'sign' | 'send' | 'agency' | 'result' | 'hand-out';

export interface HistoryLine {
  at: string;
  /** Type of the fact, or the agency's status word; pages have texts for the known ones. */
  event: string;
  by: string;
  note: string | null;
  /** False while the centre has not confirmed that it stored the fact. */
  receipted: boolean;
}

export type DocumentState = 'recognising' | 'ready' | 'failed' | 'confirmed' | 'signed';

export interface DocumentView {
  documentId: string;
  /** Digest of the PDF that will be signed, or null while there is none. */
  pdfSha256: string | null;
  kind: string;
  title: Text;
  state: DocumentState;
  pages: PageView[];
  characters: number;
  confidence: number;
  fields: FieldView[];
  error: ApiError | null;
  signature: { certificateSerial: string; signedAt: string; algorithm: string } | null;
  /** The applicant's own signature lies beside the clerk's (`applicant-api.ts`). */
  isSignedByApplicant: boolean;
  /**
   * Set for a file that is passed on as it came (`POST /api/cases/{id}/originals`, a form with `kind`, `file` and
   * perhaps `signature` → `CaseView`); `GET /api/documents/{id}/original` gives it back. An XML file has no pages.
   */
  original: { format: 'pdf' | 'xml'; sizeBytes: number; hasSignatureFile: boolean } | null;
}
export interface PageView {
  sha256: string;
  /** `GET /api/pages/{sha256}` and `…/thumbnail` */
  source: string;
  /** False while recognition has not come to it. */
  isRead: boolean;
  /** Why this page has no text: the sheet is to be scanned again, or to be recognised again. */
  error: ApiError | null;
  /** By the clerk; the picture at `GET /api/pages/{sha256}` is not turned. */
  turn: Turn;
}

/** A field found on a page. `check` tells whether check digits agree. */
export interface FieldView {
  /** `full-name`, `birth-date`, `snils`, `passport`, `address`, `date`, … ; a second one is `date.2`. */
  name: string;
  title: Text;
  /** In its usual spelling. */
  value: string;
  /** What stood on the page, where the value is not only another spelling of it: the clerk compares. */
  read?: string;
  confidence: number;
  check: 'passed' | 'failed' | 'none';
  corrected: boolean;
  /** Place on the page in fractions of its width and height, or null when typed by hand. */
  box: { page: number; x: number; y: number; width: number; height: number } | null;
}

/**
 * `GET /api/documents/{id}/pages/{index}?pdf={pdfSha256}` → JPEG of a page of the PDF, straightened: boxes of fields lie on it.
 * Until there is a PDF only the page as it was scanned can be shown.
 *
 * `GET /api/documents/{id}/text` → `{ pages: string[] }`; `GET /api/documents/{id}/pdf` → PDF
 */
/** `PUT /api/documents/{id}/fields` → `CaseView`; also confirms the document. A name that was not found is added. */
export const FieldsConfirmed = Type.Object({
  fields: Type.Array(Type.Object({ name: Key, value: Type.String({ maxLength: 500 }) }), { maxItems: 200 }),
});
/**
 * `PUT /api/cases/{id}/arrangement` → `CaseView`: each of these documents consists of these pages from now on.
 * Every page of the documents named must be in it. One without pages is thrown away; a new one brings an id of
 * its own. Kinds are those of the checklist, `pile` for pages not sorted yet and `removed` for those taken out;
 * the arrangement before, sent again, is undo.
 */
export const ArrangementWish = Type.Object({
  documents: Type.Array(
    Type.Object({
      documentId: Id,
      kind: Key,
      pages: Type.Array(Type.Object({ sha256: Sha256, turn: Turn }), { maxItems: 500 }),
    }),
    { minItems: 1, maxItems: 200 },
  ),
});

/**
 * `GET /api/cases/{id}/proposal`: how pages lie `now`, those taken out among them, and how the box would sort
 * the pile; `isRead` is false while recognition has not come to it, and then both are the same.
 */
export interface ProposalView {
  isRead: boolean;
  now: Static<typeof ArrangementWish>['documents'];
  documents: Static<typeof ArrangementWish>['documents'];
}

/**
 * `POST /api/services/{id}/separators` prints sheets that part the documents of a pile: one for each kind of the
 * checklist that is named, `pile` for one that fits any. `GET` of the same address → PDF of all of them.
 */
export const SeparatorWish = Type.Object({
  kinds: Type.Array(Key, { minItems: 1, maxItems: 100 }),
});

/** `POST /api/documents/{id}/discard`, `POST /api/documents/{id}/recognise` → `CaseView` */

/** `GET /api/scanners` */
export interface ScannerView {
  id: string;
  title: string;
  state: 'ready' | 'busy' | 'faulted';
  /** What it is drawing pages for; `POST /api/scanners/{id}/stop` ends that, and the pages so far stay. */
  scan: { caseId: string; documentId: string; pages: number } | null;
  error: ApiError | null;
}
/** `POST /api/cases/{id}/scan` → `ScanView`; pages appear in the case as they come. */
export const ScanWish = Type.Object({
  kind: Key,
  scannerId: Type.String({ minLength: 1, maxLength: 100 }),
  /** One sheet that takes the place of this page, counted from 0. */
  replaces: Type.Optional(Type.Integer({ minimum: 0, maximum: limits.documentPages - 1 })),
});
export interface ScanView {
  documentId: string;
  pages: number;
  error: ApiError | null;
}

/** `GET /api/incoming`: files that a multi-function printer put into the branch's folder. */
export interface IncomingView {
  files: { id: string; name: string; sizeBytes: number; arrivedAt: string; pageSha256: string }[];
  /** Files that could not be taken; they are kept aside. */
  rejected: { name: string; arrivedAt: string; error: ApiError }[];
}
/** `POST /api/cases/{id}/documents` → `CaseView` */
export const TakeIncoming = Type.Object({
  kind: Key,
  files: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 200 }),
});

/** `GET /api/token` */
export interface TokenView {
  state: 'ready' | 'absent' | 'locked' | 'faulted';
  label: string | null;
  serial: string | null;
  certificate: { owner: string; serial: string; notAfter: string; algorithm: string } | null;
  triesLeft: number | null;
  /** Whether the asking clerk may sign without the PIN: it was typed a short while ago. */
  pinKept: boolean;
  error: ApiError | null;
}
/**
 * `POST /api/cases/{id}/sign` → `CaseView`. A wrong PIN is refused with `token.pin-refused {triesLeft}`, a
 * missing one that is not kept with `token.pin-needed`.
 */
export const SignWish = Type.Object({ pin: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })) });
/** `GET /api/cases/{id}/signing`: how far the signing that goes on is; null when none does. */
export type SigningView = { done: number; total: number } | null;

/** `POST /api/cases/{id}/send|paper-copy|hand-out` and `…/copies/{n}/print` → `CaseView`; `GET /api/cases/{id}/copies/{n}`, `…/package`, `…/result` (containers), `…/result-document` (PDF for reading) → bytes */

/** Public: `GET /api/checks/{sha256 of a result}`, behind the QR code of a paper copy. */
export interface CheckView {
  branch: Text;
  timeZone: string;
  /** Null when this branch made no copy of such a result. */
  copy: { caseNumber: string; title: Text; copies: { copyNumber: number; madeAt: string }[] } | null;
  /** Whether the agency's signature still passes, at `at`; codes of the reasons when it does not. Null without a copy. */
  signature: { at: string; reasons: string | null } | null;
}

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
/** `GET /api/search?q=…&caseId=…&kind=…&from=2026-11-01&to=2026-11-30` → `SearchView`; of the branch at a box, of the region at the centre. */
export const SearchQuery = Type.Object({
  q: Type.String({ maxLength: 200 }),
  caseId: Type.Optional(Id),
  kind: Type.Optional(Key),
  /** Days on which the cases were opened, at the centre: sent; both included. */
  from: Type.Optional(Day),
  to: Type.Optional(Day),
});
export interface SearchView {
  hits: {
    documentId: string;
    caseId: string;
    caseNumber: string;
    title: Text;
    /** Where most of the words stand, from 0, and a piece of its text with them in square brackets. */
    page: number;
    snippet: string;
  }[];
}

/** `GET /api/documents/{id}/places?q=…`: where the words of a query stand, in fractions of the page. */
export interface PlacesView {
  places: { page: number; box: { x: number; y: number; width: number; height: number } }[];
}

/** `GET /api/devices`: the strip at the bottom of the clerk's page. */
export interface DevicesView {
  devices: {
    id: string;
    kind:
      | 'ticket-printer'
      | 'document-scanner'
      | 'barcode-scanner'
      | 'card-reader'
      | 'token'
      | 'a4-printer'
      | 'call-board'
      | 'network'
      | 'disk'
      | 'forecast';
    title: Text;
    state: 'ready' | 'attention' | 'trouble';
    error: ApiError | null;
  }[];
  link: LinkView;
  /** What waits for the centre, the most important class first. */
  outbox: OutboxCounters[];
}
export interface LinkView {
  state: 'connected' | 'connecting' | 'offline';
  since: string;
  /** Facts that the centre has not receipted yet. */
  unsent: number;
  error: ApiError | null;
}

/** `GET /api/journal?after=N` (technician): facts as they are stored, with the watermark. */
export interface JournalView {
  box: string;
  epoch: string;
  receiptedUpTo: number;
  facts: unknown[];
}

/* ---- the centre's operator pages ---- */

/** `GET /api/region` (centre) */
export interface RegionView {
  now: string;
  timeZone: string;
  region: Text;
  registerVersion: number;
  boxes: {
    box: string;
    name: Text;
    link: 'connected' | 'offline' | 'never-seen';
    since: string | null;
    waiting: number;
    serving: number;
    servedToday: number;
    facts: number;
    missing: number;
    software: string | null;
    /** What the box told last of its outbox: facts that wait, records that were dropped, wishes refused; null before. */
    outbox: { unsent: number; dropped: number; refused: number; intake: ApiError | null; at: string } | null;
  }[];
  totals: { waiting: number; openCases: number; inAgency: number; resultsReady: number; refused: number };
  troubles: { at: string; code: string; ru: string; en: string; subject: string }[];
}

/** `GET /api/cases`, `GET /api/cases/{id}` (centre) */
export interface CentreCaseLine {
  caseId: string;
  number: string;
  box: string;
  serviceTitle: Text;
  agency: Text;
  state: 'open' | 'package-awaited' | 'verified' | 'in-agency' | 'result-ready' | 'handed-out' | 'refused';
  openedAt: string;
  registrationNumber: string | null;
  trouble: ApiError | null;
}
export interface CentreCaseView extends CentreCaseLine {
  history: HistoryLine[];
  package: { sha256: string; sizeBytes: number; verdict: string } | null;
  result: { sha256: string; sizeBytes: number; verdict: string } | null;
}

/** `GET /api/ledger/{box}` (centre) */
export interface LedgerView {
  box: string;
  epochs: { epoch: string; upTo: number; facts: unknown[] }[];
}
