import Type from 'typebox';
import type { DocumentWarning } from '../document-warnings.ts';
import { Day, Id, Key, type Text } from '../values.ts';
import type { ApiError, HistoryLine } from './common.ts';
import type { DocumentView } from './documents.ts';

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

/** Public: `GET /api/checks/{sha256 of a result}`, behind the QR code of a paper copy. */
export interface CheckView {
  branch: Text;
  timeZone: string;
  /** Null when this branch made no copy of such a result. */
  copy: { caseNumber: string; title: Text; copies: { copyNumber: number; madeAt: string }[] } | null;
  /** Whether the agency's signature still passes, at `at`; codes of the reasons when it does not. Null without a copy. */
  signature: { at: string; reasons: string | null } | null;
}

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
