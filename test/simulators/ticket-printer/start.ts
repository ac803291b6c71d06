import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Make } from './makes.ts';
import { pictureOf } from './picture.ts';
import { openPty, type PtyEnd } from './pty.ts';
import { type FaultControl, type PrintedTicket, SimulatedPrinter } from './simulated-printer.ts';
import { listenTcp, type TcpEnd } from './tcp-end.ts';

export type { FaultControl, PrintedTicket } from './simulated-printer.ts';

export interface TicketPrinterSimulator {
  /** TCP port on 127.0.0.1, like 9100 of a network printer. */
  port: number;
  /** Whether a ticket was begun that is not out yet. */
  isPrinting(): boolean;
  /** Every ticket since the start, oldest first. */
  tickets(): PrintedTicket[];
  /** PNG of the n-th ticket, counted from 1. Throws `RangeError` when there is none. */
  picture(n: number): Promise<Buffer>;
  faults: FaultControl;
  /** Pulls the network plug and the serial cable. */
  unplug(): Promise<void>;
  /** Puts both back, on the same port and link. */
  plugIn(): Promise<void>;
  /** Also waits until everything is kept in `dir`. */
  close(): Promise<void>;
}

export interface SimulatorOptions {
  /** 0, which is also meant when left out, takes a free one. */
  port?: number;
  /** Where the device file of the serial end is to appear; no serial end when left out. */
  ptyLink?: string;
  /** A third end beside network and serial line: the gadget side of a USB printer, for instance. */
  wire?: { input: Readable; output: Writable };
  /** How it is built; the strict 80 mm printer when left out. */
  make?: Make;
  /** Folder that keeps every ticket as `NNN.bin`, `NNN.txt` and `NNN.png`. */
  dir?: string;
}

/** A strict ESC/POS printer for 80 mm paper, 203 dpi, reachable over TCP and, if wished, a serial line. */
export async function startTicketPrinter(options: SimulatorOptions = {}): Promise<TicketPrinterSimulator> {
  const tickets: PrintedTicket[] = [];
  const { dir, ptyLink } = options;
  if (dir) await mkdir(dir, { recursive: true });
  let keeping: Promise<void> = Promise.resolve();
  const printer = new SimulatedPrinter(ticket => {
    const n = tickets.push(ticket);
    if (dir) keeping = keeping.then(() => keep(dir, n, ticket));
  }, options.make);

  let ends: { tcp: TcpEnd; pty: PtyEnd | undefined } | undefined;
  let port = options.port ?? 0;
  const plugIn = async () => {
    if (ends) return;
    const tcp = await listenTcp(port, (bytes, send) => printer.receive(bytes, send));
    port = tcp.port;
    ends = { tcp, pty: ptyLink === undefined ? undefined : await plugSerial(ptyLink, printer) };
  };
  const unplug = async () => {
    const pulled = ends;
    ends = undefined;
    await Promise.all([pulled?.tcp.close(), pulled?.pty?.close()]);
  };
  await plugIn();
  const { wire } = options;
  wire?.input.on('data', bytes => printer.receive(bytes, answer => void wire.output.write(answer)));

  return {
    port,
    isPrinting: () => printer.isPrinting(),
    tickets: () => [...tickets],
    async picture(n) {
      const ticket = tickets[n - 1];
      if (!ticket) throw new RangeError(`there is no ticket ${n}`);
      return pictureOf(ticket.strip);
    },
    faults: printer.faults,
    unplug,
    plugIn,
    async close() {
      await unplug();
      await keeping;
    },
  };
}

async function plugSerial(link: string, printer: SimulatedPrinter): Promise<PtyEnd> {
  const pty = await openPty(link, bytes => printer.receive(bytes, answer => pty.send(answer)));
  return pty;
}

async function keep(dir: string, n: number, ticket: PrintedTicket): Promise<void> {
  const name = join(dir, String(n).padStart(3, '0'));
  await writeFile(`${name}.bin`, ticket.bytes);
  await writeFile(`${name}.txt`, ticket.layout);
  await writeFile(`${name}.png`, await pictureOf(ticket.strip));
}
