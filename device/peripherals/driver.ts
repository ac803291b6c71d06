import type { ErrorCode } from '../../protocol/errors.ts';

/**
 * The seam to hardware: bytes both ways, nothing else. A transport opens the port, the driver only
 * encodes and decodes.
 */
export interface BytePipe {
  /** Resolves when the bytes left this process; rejects with an `AppError` when the line is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** Calls back for every chunk that arrives, from now on. Returns the way to stop it. */
  onBytes(listener: (bytes: Uint8Array) => void): () => void;
  /** Called once when the line is gone, by us or by itself. */
  onClose(listener: () => void): void;
  close(): Promise<void>;
}

export interface TicketPrinterStatus {
  online: boolean;
  coverOpen: boolean;
  paperOut: boolean;
  paperNearEnd: boolean;
  fault: false | 'cutter' | 'overheated' | 'other';
  /** The last ticket is still held out; only printers with a presenter say so. */
  ticketNotTaken?: boolean;
}

/** What a ticket says; the driver decides how it looks on paper. Carries no personal data. */
export interface TicketSlip {
  branch: string;
  /** Where the person will be called: «Зал 1, окна 1–4»; empty when the branch has no zones. */
  zone?: string;
  number: string;
  service: string;
  /** Local date and time of the branch, ready to print. */
  issuedAt: string;
  /** «Ожидание 10–15 минут», ready to print. */
  wait: string;
  ahead: string;
  /** Address behind the QR code. */
  statusUrl: string;
  /** Set on a second print of the same ticket. */
  reprint: boolean;
}

/** `printed` only when the printer itself said that everything before was processed. */
export type PrintOutcome =
  | { kind: 'printed'; bytes: number }
  | { kind: 'failed'; code: ErrorCode }
  /** Bytes went out, no answer came: the paper may or may not be in the person's hand. */
  | { kind: 'doubtful'; bytes: number };

export interface TicketPrinter {
  print(slip: TicketSlip): Promise<PrintOutcome>;
  status(): Promise<TicketPrinterStatus>;
  close(): Promise<void>;
}

/** One scanned sheet side, bytes as the device gave them. */
export interface ScannedPage {
  bytes: Uint8Array;
  /** Where it came from, for the journal: `sane:test:0`, `folder:scan-001.jpg`. */
  source: string;
}

export interface DocumentScanner {
  /** Pages as they come; a fault after some pages throws an `AppError` with `pages` in its details. */
  scan(options: { dpi: number; signal: AbortSignal }): AsyncIterable<ScannedPage>;
}

export interface DocumentPrinter {
  /** Sends a PDF; resolves when the printer took the job. Throws `printer.*`. */
  print(pdf: Uint8Array, options: { title: string }): Promise<{ jobId: string; printer: string }>;
}
