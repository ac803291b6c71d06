import { apiError } from '../../platform/http.ts';
import type { Log } from '../../platform/log.ts';
import type { AppointmentSlipView } from '../../protocol/api/appointments.ts';
import type { Journal } from '../journal/journal.ts';
import type { AppointmentRow } from '../journal/projections/appointments.ts';
import type { PrintOutcome, TicketPrinter, TicketSlip } from '../peripherals/driver.ts';

export interface AppointmentPaper {
  /** Prints the paper of an appointment, once for each version of it; whoever asks meanwhile waits for the same. */
  print(row: AppointmentRow, slip: () => TicketSlip): Promise<AppointmentSlipView>;
}

/**
 * Keeps the book of printed papers like that of tickets: written before the printer gets a byte, so that a paper
 * which a power cut left in somebody's hand is a doubtful one, and comes out no second time.
 */
export function createAppointmentPaper(parts: {
  journal: Journal;
  printer: TicketPrinter;
  log: Log;
}): AppointmentPaper {
  const { journal, printer, log } = parts;
  const printing = new Map<string, Promise<AppointmentSlipView>>();

  async function printNow(row: AppointmentRow, slip: TicketSlip): Promise<AppointmentSlipView> {
    const put = (outcome: PrintOutcome['kind'] | 'begun', code?: string) =>
      journal.commit([
        {
          type: 'appointment.slip',
          subject: row.id,
          body: { version: row.version, outcome, ...(code !== undefined && { code }) },
        },
      ]);
    await put('begun');
    const outcome = await printer.print(slip);
    if (outcome.kind === 'failed')
      log.warn({ code: outcome.code }, 'the paper of an appointment was not printed');
    await put(outcome.kind, outcome.kind === 'failed' ? outcome.code : undefined);
    return outcome.kind === 'failed'
      ? { state: 'failed', error: apiError(outcome.code) }
      : { state: outcome.kind };
  }

  return {
    async print(row, slip) {
      const key = `${row.id} ${row.version}`;
      const running = printing.get(key);
      if (running) return running;
      if (row.slip_version === row.version && row.slip !== 'failed')
        return { state: row.slip === 'printed' ? 'printed' : 'doubtful' };
      const printed = printNow(row, slip()).finally(() => printing.delete(key));
      printing.set(key, printed);
      return printed;
    },
  };
}
