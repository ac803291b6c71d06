import type { ErrorCode } from '../../../protocol/errors.ts';
import type { RecognisedPage } from '../recognised.ts';

/** What the box asks of the recognising process. Each request gets exactly one answer with its id. */
export type Request =
  | { kind: 'page'; job: number; page: number; bytes: Uint8Array }
  | { kind: 'finish'; job: number; title: string; createdAt: Date }
  /** Drops the pages of a job that will not be finished. */
  | { kind: 'forget'; job: number };

export type ToHost = Request & { id: number };

export type Answer =
  | { kind: 'page'; page: RecognisedPage; blank: boolean }
  | { kind: 'document'; pdf: Uint8Array; memoryBytes: number }
  | { kind: 'forgotten' }
  | { kind: 'failed'; code: ErrorCode };

/** `ready` and `unusable` are said once, at the start, and carry no id. */
export type FromHost =
  | { kind: 'ready' }
  | { kind: 'unusable' }
  | { kind: 'answer'; id: number; answer: Answer };

/** How the process is told what it needs; on its command line, as JSON. */
export interface HostSettings {
  languageDataDir: string;
  workers: number;
}
