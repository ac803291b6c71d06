import type { BoxConfig } from '../../device/config/box-config.ts';
import { AppError } from '../../protocol/app-error.ts';

/** `tcp:HOST:PORT`, `serial:PATH[:BAUD]` or `usb`. Throws `setup.bad-configuration`. */
export function readPrinterLine(text: string, model: string): BoxConfig['ticketPrinter'] {
  if (text === 'usb') return { line: 'usb', model };
  const [, host, port] = /^tcp:(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined) return { line: 'tcp', host, port: Number(port), model };
  // Names of sockets have colons in them as well.
  const [, path, baud] = /^serial:(.+?)(?::(\d{4,7}))?$/.exec(text) ?? [];
  if (path !== undefined) return { line: 'serial', path, baudRate: Number(baud ?? 115_200), model };
  throw new AppError('setup.bad-configuration', { what: `--printer ${text}` });
}
