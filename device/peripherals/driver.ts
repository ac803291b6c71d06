import type { ErrorCode } from '../../protocol/errors.ts';
import type { CardRead, CodeRead } from '../../protocol/readings.ts';
import type { TicketPart } from '../../protocol/ticket-template.ts';
import type { Text } from '../../protocol/values.ts';
import type { BytePipe } from './byte-pipe.ts';
import type { Attached } from './discovery/attached.ts';
import type { CardService } from './transports/pcsc.ts';
import type { WireLog } from './wire-log.ts';

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
  /** Laid out like this, not by the branch's template: papers that are no tickets. */
  parts?: TicketPart[];
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
  /** Where it came from, for the journal: `sane:test:0`, `folder`. */
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

/**
 * A fingerprint: all members that are given must hold. A score of 3 or more is sure enough to work without a
 * technician; 1 and 2 only offer the driver.
 */
export interface Match {
  line: Attached['line'];
  /** `0c2e:*` or `0c2e:0b61`, lower case. */
  usb?: string;
  usagePage?: number;
  score: number;
}
export const sureScore = 3;

/** Settings of a role that a driver may use. */
export interface DriverSettings {
  baudRate: number;
  /** As the technician typed them. */
  prefix: string;
  suffix: string;
}

/** What a driver may do to the world: open its line, tell what was read. */
export interface DriverEnv {
  attached: Attached;
  settings: DriverSettings;
  openSerial(baudRate: number): Promise<BytePipe>;
  openHid(options: { takesKeyboard: boolean }): Promise<BytePipe>;
  cards: CardService;
  tell(read: CodeRead | CardRead): void;
  /** Something came that is no code or card. */
  garbage(): void;
  /** Trouble of the device that it goes on with; null when it is over. */
  trouble(code: ErrorCode | null): void;
  wire: WireLog;
}

/** A device at work. `onClose` tells once that its line is gone. */
export interface OpenedDevice {
  onClose(listener: () => void): void;
  close(): Promise<void>;
}

/** A driver of a device that is found when it is plugged in. Throws an `AppError` when it cannot be opened. */
export interface Driver {
  id: string;
  kind: 'barcode-scanner' | 'card-reader';
  title: Text;
  matches: readonly Match[];
  open(env: DriverEnv): Promise<OpenedDevice>;
}

/** Keeps the shape of a driver for the type checker. */
export function defineDriver(driver: Driver): Driver {
  return driver;
}
