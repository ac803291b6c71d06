import { type Command, cutCommand } from './commands.ts';
import {
  automaticAnswer,
  type Faults,
  fullAnswer,
  isOffline,
  noFaults,
  paperAnswer,
  realTimeAnswer,
} from './faults.ts';
import { type Make, strict80mm } from './makes.ts';
import { layoutOf, linesOf, type Strip } from './paper.ts';
import { PrintEngine } from './print-engine.ts';
import { RealTimeFilter } from './real-time.ts';

/** One piece of paper as a person would hold it. */
export interface PrintedTicket {
  /** What was sent for it, from the first command after the last cut to its own cut. */
  bytes: Uint8Array;
  /** Text lines, decoded, without indent. */
  lines: string[];
  /** The same as it stands on the paper. */
  layout: string;
  /** What each QR code on it holds. */
  qr: string[];
  /** False when it was torn off unfinished. */
  cut: boolean;
  /** What a real printer would have got wrong; a test that sees one has found a bug in a driver. */
  violations: string[];
  strip: Strip;
}

export interface FaultControl {
  /** Changes some faults, now or when so many more lines have been printed. */
  set(change: Partial<Faults>, when?: { afterLines: number }): void;
  /** Everything in order again, nothing pending. */
  clear(): void;
  now(): Faults;
}

type Send = (bytes: Uint8Array) => void;

const noise = [0x41, 0xff, 0x81, 0x6a, 0xc3];
const inquiries = new Set(['GS r', 'GS a', 'GS I']);

/**
 * A receipt printer without its line. Bytes wait in a buffer while it is offline, real-time commands
 * are obeyed on arrival, `GS r` is answered in turn: that difference is what a driver lives from.
 */
export class SimulatedPrinter {
  readonly #engine: PrintEngine;
  readonly #make: Make;
  readonly #keep: (ticket: PrintedTicket) => void;
  #filter = new RealTimeFilter();
  #buffer: number[] = [];
  #ticketBytes: number[] = [];
  #faults: Faults = noFaults;
  #pending: { change: Partial<Faults>; lines: number } | undefined;
  #send: Send = () => undefined;
  #automatic = false;
  #busy = false;

  /** `keep` gets every ticket when it leaves the printer. */
  constructor(keep: (ticket: PrintedTicket) => void, make: Make = strict80mm) {
    this.#keep = keep;
    this.#make = make;
    this.#engine = new PrintEngine(make);
  }

  readonly faults: FaultControl = {
    set: (change, when) => {
      if (when && when.afterLines > 0) this.#pending = { change, lines: when.afterLines };
      else this.#change(change);
    },
    clear: () => {
      this.#pending = undefined;
      this.#change(noFaults);
    },
    now: () => this.#faults,
  };

  /** Whether a ticket was begun that is not out yet. */
  isPrinting(): boolean {
    return this.#ticketBytes.length > 0;
  }

  /** Bytes from a line; answers go back to the line that spoke last. */
  receive(bytes: Uint8Array, send: Send): void {
    if (this.#faults.dead) return;
    this.#send = send;
    for (const item of this.#filter.take(bytes)) {
      if (item.kind === 'data') this.#buffer.push(item.byte);
      else if (item.kind === 'status') this.#answerStatus(item.n);
      else if (item.kind === 'clear') this.#clearBuffers();
      else this.#engine.violate(`unknown real-time command ${item.bytes}`);
    }
    this.#work();
  }

  #answerStatus(n: number): void {
    if (n !== 20) this.#answer([realTimeAnswer(n, this.#faults)]);
    else if (this.#make.presenter) this.#answer(fullAnswer(this.#faults));
    else this.#engine.violate('unknown real-time command DLE EOT 20');
  }

  #work(): void {
    while (!this.#busy && !this.#faults.dead && !isOffline(this.#faults)) {
      const cut = cutCommand(this.#buffer);
      if (cut === 'incomplete') return;
      const bytes = this.#buffer.splice(0, cut.length);
      if ('unknown' in cut) this.#engine.violate(`unknown command ${cut.unknown}`);
      else if (inquiries.has(cut.name)) this.#inquire(cut);
      else this.#print(cut, bytes);
    }
  }

  #print(command: Command, bytes: number[]): void {
    this.#ticketBytes.push(...bytes);
    const effect = this.#engine.obey(command);
    if (effect.cut) this.#eject(true);
    if (effect.lines === 0) return;
    this.#countDown(effect.lines);
    if (this.#faults.msPerLine === 0) return;
    this.#busy = true;
    setTimeout(() => {
      this.#busy = false;
      this.#work();
    }, this.#faults.msPerLine * effect.lines).unref();
  }

  #inquire({ name, parameters: [n = 0] }: Command): void {
    if (name === 'GS r') this.#answer([n === 1 || n === 49 ? paperAnswer(this.#faults) : 0]);
    else if (name === 'GS I') this.#answer([...Buffer.from('_OKNO\0')]);
    else {
      this.#automatic = n !== 0;
      if (this.#automatic) this.#answer(automaticAnswer(this.#faults));
    }
  }

  #change(change: Partial<Faults>): void {
    const before = this.#faults;
    this.#faults = { ...before, ...change };
    // Whoever puts in a new roll tears off what hangs out of the old one.
    if (before.paper === 'out' && this.#faults.paper !== 'out' && !this.#engine.isBlank()) this.#eject(false);
    if (before.dead && !this.#faults.dead) this.#restart();
    if (this.#automatic && isOffline(before) !== isOffline(this.#faults)) {
      this.#answer(automaticAnswer(this.#faults));
    }
    this.#work();
  }

  #countDown(lines: number): void {
    if (!this.#pending) return;
    this.#pending.lines -= lines;
    if (this.#pending.lines > 0) return;
    const { change } = this.#pending;
    this.#pending = undefined;
    this.#change(change);
  }

  /** A printer that was dead comes back by its power switch, with nothing in memory. */
  #restart(): void {
    this.#buffer = [];
    this.#filter = new RealTimeFilter();
    this.#automatic = false;
  }

  #clearBuffers(): void {
    this.#buffer = [];
    this.#engine.forgetLine();
    this.#answer([0x37, 0x25, 0x00]);
  }

  #eject(cut: boolean): void {
    const { strip, violations } = this.#engine.tearOff();
    const qr = strip.marks.filter(mark => mark.kind === 'qr').map(mark => Buffer.from(mark.data).toString());
    const bytes = Uint8Array.from(this.#ticketBytes);
    this.#ticketBytes = [];
    this.#keep({ bytes, lines: linesOf(strip), layout: layoutOf(strip), qr, cut, violations, strip });
  }

  #answer(bytes: number[]): void {
    if (this.#faults.dead) return;
    this.#send(Uint8Array.from(this.#faults.noise ? [...noise, ...bytes] : bytes));
  }
}
