import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { TicketTemplate } from '../../protocol/ticket-template.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { BytePipe } from './byte-pipe.ts';
import type { DocumentPrinter, TicketPrinter, TicketPrinterStatus } from './driver.ts';
import type { EscposModel } from './printers/escpos/model.ts';
import { escposModels } from './printers/escpos/models.ts';
import { troubleOf } from './printers/escpos/printer.ts';
import { ticketPrinter } from './printers/escpos/reconnecting.ts';
import { filePrinter } from './printers/file-printer.ts';
import { ippPrinter } from './printers/ipp.ts';
import { getUsbPrinter } from './printers/usb-printers.ts';
import { openSerial } from './transports/serial.ts';
import { openTcp } from './transports/tcp.ts';
import { openUsbPrinter } from './transports/usb-printer.ts';
import type { WireLog } from './wire-log.ts';

/** What is known of a make. Throws `setup.bad-configuration` for an unknown one. */
export function getModel(id: string): EscposModel {
  const model = escposModels.find(candidate => candidate.id === id);
  if (!model) throw new AppError('setup.bad-configuration', { what: `ticketPrinter.model ${id}` });
  return model;
}

/** The ticket printer of a branch; `template` says how tickets look from now on, `wire` notes every byte. Throws as `getModel`. */
export function openTicketPrinter(
  config: BoxConfig['ticketPrinter'],
  log: Log,
  more: { wire?: WireLog; template?: () => TicketTemplate } = {},
): TicketPrinter {
  const { wire, template } = more;
  const model = getModel(config.model);
  return ticketPrinter({
    open: async () => {
      const pipe = await openLine(config, model);
      return wire ? wire.over(pipe) : pipe;
    },
    model,
    ...(template && { template }),
    log: (event, details) => log.info({ event, ...details }, 'ticket printer'),
  });
}

async function openLine(config: BoxConfig['ticketPrinter'], model: EscposModel): Promise<BytePipe> {
  switch (config.line) {
    case 'tcp':
      return openTcp({ host: config.host, port: config.port, connectTimeoutMs: 2_000 });
    case 'serial':
      return openSerial({ ...model.serial, ...config });
    case 'usb':
      // Looked up at each opening: the device file has another name after it was plugged in again.
      return openUsbPrinter({ path: (await getUsbPrinter(config)).node });
  }
}

export function openDocumentPrinter(config: BoxConfig['a4Printer']): DocumentPrinter {
  return config.kind === 'ipp'
    ? ippPrinter({ url: config.url, timeoutMs: 10_000 })
    : filePrinter({ dir: config.dir });
}

/** What a technician and the clerks are told; the last two are warnings, the printer goes on. */
export function codeOfPrinter(status: TicketPrinterStatus): ErrorCode | null {
  const trouble = troubleOf(status) ?? (status.online ? undefined : 'printer.offline');
  if (trouble) return trouble;
  if (status.paperNearEnd) return 'printer.paper-near-end';
  return status.ticketNotTaken ? 'printer.ticket-not-taken' : null;
}
