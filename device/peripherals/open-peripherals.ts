import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { DocumentPrinter, TicketPrinter, TicketPrinterStatus } from './driver.ts';
import { escposModels } from './printers/escpos/model.ts';
import { ticketPrinter } from './printers/escpos/reconnecting.ts';
import { filePrinter } from './printers/file-printer.ts';
import { ippPrinter } from './printers/ipp.ts';
import { openSerial } from './transports/serial.ts';
import { openTcp } from './transports/tcp.ts';

/** The ticket printer of a branch. Throws `setup.bad-configuration` for an unknown model. */
export function openTicketPrinter(config: BoxConfig['ticketPrinter'], log: Log): TicketPrinter {
  const model = escposModels.find(({ id }) => id === config.model);
  if (!model) throw new AppError('setup.bad-configuration', { what: `ticketPrinter.model ${config.model}` });
  const open =
    config.line === 'tcp'
      ? () => openTcp({ host: config.host, port: config.port, connectTimeoutMs: 2_000 })
      : () => openSerial({ path: config.path, baudRate: config.baudRate });
  return ticketPrinter({
    open,
    model,
    log: (event, details) => log.info({ event, ...details }, 'ticket printer'),
  });
}

export function openDocumentPrinter(config: BoxConfig['a4Printer']): DocumentPrinter {
  return config.kind === 'ipp'
    ? ippPrinter({ url: config.url, timeoutMs: 10_000 })
    : filePrinter({ dir: config.dir });
}

export function codeOfPrinter(status: TicketPrinterStatus): ErrorCode | null {
  if (!status.online && !status.paperOut && !status.coverOpen && !status.fault) return 'printer.offline';
  if (status.paperOut) return 'printer.paper-out';
  if (status.coverOpen) return 'printer.cover-open';
  return status.fault ? 'printer.fault' : null;
}
