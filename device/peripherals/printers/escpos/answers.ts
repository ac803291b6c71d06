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
 * | DLE EOT 20 (Custom only): header, then four bytes of any value | 10h 0Fh … |
 */
export type Answer =
  | { kind: 'real-time'; value: number }
  | { kind: 'paper'; value: number }
  | { kind: 'automatic'; status: TicketPrinterStatus }
  | { kind: 'full'; status: TicketPrinterStatus }
  | { kind: 'buffers-cleared' };

const blockHeader = 0x37;
const clearedIdentifier = 0x25;
const longestBlock = 32;
const fullHeader = [0x10, 0x0f];
const fullLength = 6;

/**
 * Cuts the bytes of the line into answers. Noise is skipped one byte at a time and never more than one
 * unfinished block is held, so a mad printer can neither confuse the driver for long nor fill memory.
 */
export class AnswerReader {
  readonly #fullStatus: boolean;
  #held: number[] = [];

  /** `fullStatus`: the printer is a Custom, whose 10h 0Fh begins a status that only it has. */
  constructor(options: { fullStatus?: boolean } = {}) {
    this.#fullStatus = options.fullStatus ?? false;
  }

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
      const taken = this.#fullStatus ? takeFullOr(this.#held) : takeOne(this.#held);
      if (taken === 'incomplete') return answers;
      this.#held.splice(0, taken.length);
      if (taken.answer) answers.push(taken.answer);
    }
  }
}

type Taken = { length: number; answer?: Answer };

/** A lone 10h is an Epson's automatic status or the first half of the header. */
function takeFullOr(bytes: readonly number[]): Taken | 'incomplete' {
  if (bytes[0] !== fullHeader[0]) return takeOne(bytes);
  if (bytes.length < 2) return 'incomplete';
  if (bytes[1] !== fullHeader[1]) return takeOne(bytes);
  if (bytes.length < fullLength) return 'incomplete';
  const [, , paper = 0, user = 0, recoverable = 0, unrecoverable = 0] = bytes;
  return {
    length: fullLength,
    answer: { kind: 'full', status: fullStatusFrom(paper, user, recoverable, unrecoverable) },
  };
}

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
        fault: faultOf(two),
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
    fault: faultOf(errorCause) || ((offlineCause & 0x40) !== 0 && 'other'),
  };
}

/** The same bits in `DLE EOT 3` and in the second byte of the automatic status. */
function faultOf(bits: number): TicketPrinterStatus['fault'] {
  if (bits & 0x08) return 'cutter';
  if (bits & 0x40) return 'overheated';
  // Recoverable (a jam, mostly) and unrecoverable.
  return (bits & 0x24) !== 0 && 'other';
}

/** The four bytes of `DLE EOT 20` (Custom command manual, «Full status»). */
function fullStatusFrom(
  paper: number,
  user: number,
  recoverable: number,
  unrecoverable: number,
): TicketPrinterStatus {
  const fault =
    unrecoverable & 0x01
      ? 'cutter'
      : recoverable & 0x01
        ? 'overheated'
        : // Voltage and jam; memory. A refused command (20h) is our own fault and stops nothing.
          ((recoverable & 0x48) | (unrecoverable & 0x0c)) !== 0 && 'other';
  const coverOpen = (user & 0x03) !== 0;
  const paperOut = (paper & 0x01) !== 0;
  return {
    online: !coverOpen && !paperOut && !fault,
    coverOpen,
    paperOut,
    // 40h: the end of the roll as counted by the length that was printed.
    paperNearEnd: (paper & 0x44) !== 0,
    fault,
    ticketNotTaken: (paper & 0x20) !== 0,
  };
}
