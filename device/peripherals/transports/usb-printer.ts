import type { BytePipe } from '../byte-pipe.ts';
import { openHosted } from './hosted-pipe.ts';

export interface UsbPrinterLine {
  /** Device file: `/dev/usb/lp0`. */
  path: string;
  /** As for a serial line. */
  openTimeoutMs?: number;
  writeTimeoutMs?: number;
}

/**
 * A byte pipe to a USB printer (class 7) through the kernel's usblp, with its back-channel. Throws
 * `AppError('printer.offline')` when the file cannot be opened: EBUSY in the reason means that another
 * program holds it.
 */
export function openUsbPrinter(line: UsbPrinterLine): Promise<BytePipe> {
  return openHosted({
    program: new URL('../host/usb-printer-host.ts', import.meta.url),
    path: line.path,
    openTimeoutMs: line.openTimeoutMs,
    writeTimeoutMs: line.writeTimeoutMs,
  });
}
