import { codeOf } from '../../../../protocol/app-error.ts';
import type { BytePipe } from '../../byte-pipe.ts';
import type { PrintOutcome, TicketPrinter, TicketPrinterStatus, TicketSlip } from '../../driver.ts';
import { type EscposEnv, openEscposPrinter } from './printer.ts';
import { Turns } from './turns.ts';

export interface TicketPrinterOptions extends Omit<EscposEnv, 'mayHang'> {
  open: () => Promise<BytePipe>;
  /** Told of lines opened, lost and refused; nothing personal. */
  log?: (event: 'opened' | 'lost' | 'refused', details: Record<string, string | number>) => void;
  /** First and longest pause before a refused line is tried again; 250 and 5000 when left out. */
  backOffMs?: { first: number; longest: number };
  /** Monotonic ms; `performance.now` when left out. */
  now?: () => number;
}

interface Line {
  printer: TicketPrinter;
  alive: boolean;
  used: boolean;
}

const offline: PrintOutcome = { kind: 'failed', code: 'printer.offline' };

/**
 * A ticket printer that outlives its cable: the line is opened at the first use and again after a
 * loss. While it is refused, calls fail at once between the tries, so that a kiosk never hangs on it.
 */
export function ticketPrinter(options: TicketPrinterOptions): TicketPrinter {
  const now = options.now ?? (() => performance.now());
  const backOff = options.backOffMs ?? { first: 250, longest: 5000 };
  const turns = new Turns();
  let line: Line | undefined;
  let pauseMs = 0;
  let notBefore = 0;
  let mayHang = false;
  let closed = false;

  const drop = async (reason: string): Promise<void> => {
    if (!line) return;
    if (!closed) options.log?.('lost', { reason });
    const { printer } = line;
    line = undefined;
    await printer.close();
  };

  const reach = async (): Promise<Line | undefined> => {
    if (line?.alive) return line;
    await drop('line closed');
    if (closed || now() < notBefore) return undefined;
    try {
      line = await openLine(options, mayHang);
      pauseMs = 0;
      options.log?.('opened', {});
      return line;
    } catch (error) {
      pauseMs = pauseMs === 0 ? backOff.first : Math.min(pauseMs * 2, backOff.longest);
      notBefore = now() + pauseMs;
      options.log?.('refused', { code: codeOf(error), reason: reasonOf(error), pauseMs });
      return undefined;
    }
  };

  const print = async (slip: TicketSlip): Promise<PrintOutcome> => {
    const reached = await reach();
    if (!reached) return offline;
    const { used } = reached;
    reached.used = true;
    const outcome = await reached.printer.print(slip);
    mayHang = outcome.kind === 'doubtful' || (mayHang && outcome.kind !== 'printed');
    if (outcome.kind === 'printed' || (outcome.kind === 'failed' && outcome.code !== 'printer.offline')) {
      return outcome;
    }
    await drop(outcome.kind);
    // An old line may be half open: the printer was switched off and on since. Nothing was sent, so
    // one more try on a fresh line is safe.
    return used && outcome.kind === 'failed' ? print(slip) : outcome;
  };

  const status = async (): Promise<TicketPrinterStatus> => {
    const reached = await reach();
    if (!reached)
      return { online: false, coverOpen: false, paperOut: false, paperNearEnd: false, fault: false };
    const answer = await reached.printer.status();
    if (!answer.online && !answer.coverOpen && !answer.paperOut && !answer.fault) await drop('no-answer');
    else reached.used = true;
    return answer;
  };

  return {
    print: slip => turns.take(() => print(slip)),
    status: () => turns.take(status),
    async close() {
      closed = true;
      await turns.take(() => drop('closed'));
    },
  };
}

async function openLine(options: TicketPrinterOptions, mayHang: boolean): Promise<Line> {
  const pipe = await options.open();
  const line: Line = { printer: openEscposPrinter(pipe, { ...options, mayHang }), alive: true, used: false };
  pipe.onClose(() => {
    line.alive = false;
  });
  return line;
}

/** For the technician's log only; a person reads the text of the code. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
