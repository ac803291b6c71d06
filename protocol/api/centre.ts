import type { Text } from '../values.ts';
import type { ApiError, HistoryLine } from './common.ts';

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
