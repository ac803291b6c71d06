import type { SerialPortSettings } from '../../host/pipe-messages.ts';

/**
 * What one make of ticket printer differs in. Clones keep Epson's commands but not its numbers, so
 * everything that was seen to vary is a setting.
 */
export interface EscposModel {
  id: string;
  /** As the technician reads it on the case. */
  title: string;
  /** Dots that the print head reaches. */
  widthDots: number;
  /** Dots of the print head per inch, each way. */
  dotsPerInch: number;
  /** The `n` of `ESC t n` that selects PC866 on this printer. */
  codePage: number;
  /** Side of one QR module in dots, 1–16. */
  qrModuleDots: number;
  /** Blank paper between the last printed row and the cut, in dots. */
  feedBeforeCutDots: number;
  /** How a ticket leaves: `present` cuts it and holds it out until somebody takes it (`GS e 3`). */
  end: 'partial-cut' | 'full-cut' | 'present';
  /** `FS .` is known: Chinese clones wake up in Kanji mode and swallow Cyrillic in pairs. */
  leavesKanji: boolean;
  /** `GS b` is known: large characters get smooth edges. A printer without it would print a stray letter. */
  smoothsLargeText: boolean;
  /** `DLE DC4 8` is known: what was sent can be called back when the job has failed. */
  clearsBuffer: boolean;
  /** `DLE EOT 20` is known (Custom): ticket not taken, head too hot, jam, cutter, all in one answer. */
  fullStatus: boolean;
  /** A sensor watches the roll; makes without it may say `near end` at any time, which then counts for nothing. */
  nearEndSensor: boolean;
  /** How its serial port wants to be treated. Epson's DTR/DSR reaches our CTS through the usual cable. */
  serial: Omit<SerialPortSettings, 'baudRate'>;
}

/** Characters of Font A (12 × 24 dots) and Font B (9 × 17 dots) in a line. */
export const columnsOf = ({ widthDots }: EscposModel, font: 'a' | 'b' = 'a'): number =>
  Math.floor(widthDots / (font === 'a' ? 12 : 9));
