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

export interface HistoryLine {
  at: string;
  /** Type of the fact, or the agency's status word; pages have texts for the known ones. */
  event: string;
  by: string;
  note: string | null;
  /** False while the centre has not confirmed that it stored the fact. */
  receipted: boolean;
}
