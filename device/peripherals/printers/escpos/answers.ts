import type { TicketPrinterStatus } from '../../driver.ts';

/**
 * What a printer says, told apart by the fixed bits of each byte (Epson command reference,
 * «Identifying transmission status»):
 *
 * | answer | bits |
 * |---|---|
 * | DLE EOT n | 0xx1xx10 |
 * | first byte of Automatic Status Back | 0xx1xx00 |
 * | its second to fourth byte, and GS r | 0xx0xxxx |
 * | block: header, identifier …, NUL | 37h … 00h |
 */
export type Answer =
  | { kind: 'real-time'; value: number }
  | { kind: 'paper'; value: number }
  | { kind: 'automatic'; status: TicketPrinterStatus }
  | { kind: 'buffers-cleared' };

const blockHeader = 0x37;
const clearedIdentifier = 0x25;
const longestBlock = 32;

/**
 * Cuts the bytes of the line into answers. Noise is skipped one byte at a time and never more than one
 * unfinished block is held, so a mad printer can neither confuse the driver for long nor fill memory.
 */
export class AnswerReader {
  #held: number[] = [];

  /** Answers completed by `bytes`, in order. */
  read(bytes: Uint8Array): Answer[] {
    this.#held.push(...bytes);
    return this.#take();
  }

  /**
   * The line fell silent: what looked like the first byte of a longer answer was noise, for a printer
   * sends the bytes of one answer without a pause. Returns the answers that stood behind it.
   */
  silence(): Answer[] {
    const answers: Answer[] = [];
    while (this.#held.length > 0) {
      this.#held.shift();
      answers.push(...this.#take());
    }
    return answers;
  }

  #take(): Answer[] {
    const answers: Answer[] = [];
    for (;;) {
      const taken = takeOne(this.#held);
      if (taken === 'incomplete') return answers;
      this.#held.splice(0, taken.length);
      if (taken.answer) answers.push(taken.answer);
    }
  }
}

type Taken = { length: number; answer?: Answer };

function takeOne(bytes: readonly number[]): Taken | 'incomplete' {
  const [first] = bytes;
  if (first === undefined) return 'incomplete';
  if (first === blockHeader) return takeBlock(bytes);
  if (isRealTime(first)) return { length: 1, answer: { kind: 'real-time', value: first } };
  if (isAutomaticStart(first)) return takeAutomatic(bytes);
  if (isPaper(first)) return { length: 1, answer: { kind: 'paper', value: first } };
  return { length: 1 };
}

function takeBlock(bytes: readonly number[]): Taken | 'incomplete' {
  const end = bytes.indexOf(0);
  if (end < 0) return bytes.length > longestBlock ? { length: 1 } : 'incomplete';
  if (end > longestBlock) return { length: 1 };
  const cleared = end === 2 && bytes[1] === clearedIdentifier;
  return cleared ? { length: end + 1, answer: { kind: 'buffers-cleared' } } : { length: end + 1 };
}

function takeAutomatic(bytes: readonly number[]): Taken | 'incomplete' {
  const [one = 0, two, three, four] = bytes;
  if ([two, three, four].some(byte => byte !== undefined && !isAutomaticTail(byte))) return { length: 1 };
  if (two === undefined || three === undefined || four === undefined) return 'incomplete';
  return {
    length: 4,
    answer: {
      kind: 'automatic',
      status: {
        online: (one & 0x08) === 0,
        coverOpen: (one & 0x20) !== 0,
        paperOut: (three & 0x0c) !== 0,
        paperNearEnd: (three & 0x03) !== 0,
        // Recoverable, cutter, unrecoverable, cooling down.
        fault: (two & 0x6c) !== 0,
      },
    },
  };
}

function isRealTime(byte: number): boolean {
  return (byte & 0x93) === 0x12;
}

function isAutomaticStart(byte: number): boolean {
  return (byte & 0x93) === 0x10;
}

function isAutomaticTail(byte: number): boolean {
  return (byte & 0x90) === 0;
}

/**
 * The reference fixes only bits 4 and 7. We also want both bits of each sensor to agree and the unused
 * ones to be 0, so that a letter of line noise is not taken for «everything was printed».
 */
function isPaper(byte: number): boolean {
  return byte === 0x00 || byte === 0x03 || byte === 0x0c || byte === 0x0f;
}

/** A `GS r 1` answer that says the roll is at its end. */
export function paperEnded(value: number): boolean {
  return (value & 0x0c) !== 0;
}

/** The four answers of `DLE EOT 1` to `DLE EOT 4` as one status. */
export function statusFrom(
  printer: number,
  offlineCause: number,
  errorCause: number,
  paper: number,
): TicketPrinterStatus {
  return {
    online: (printer & 0x08) === 0,
    coverOpen: (offlineCause & 0x04) !== 0,
    paperOut: (paper & 0x60) !== 0 || (offlineCause & 0x20) !== 0,
    paperNearEnd: (paper & 0x0c) !== 0,
    fault: (offlineCause & 0x40) !== 0 || (errorCause & 0x6c) !== 0,
  };
}
