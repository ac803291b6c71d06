import type { OutboxCounters } from '../outbox.ts';
import type { Text } from '../values.ts';
import type { ApiError } from './common.ts';

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
