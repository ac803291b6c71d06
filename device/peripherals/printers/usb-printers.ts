import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../protocol/app-error.ts';
import { type PrinterFingerprint, printerFingerprints } from './escpos/fingerprints.ts';

/** A printer that the kernel's usblp found. */
export interface UsbPrinter {
  /** Device file: `/dev/usb/lp0`. Changes with the order of plugging. */
  node: string;
  /** Where it is plugged in: `1-2.4:1.0`. Stays with the socket. */
  port: string;
  /** Vendor and product, lower-case hex digits: `04b8:0e15`. */
  usb: string;
  serial: string | null;
  /** Maker and product as the device says. */
  name: string;
  /** Id of the `EscposModel` that fits best; null for one that is no known ticket printer. */
  model: string | null;
}

/** Every USB printer of this machine; none on one without USB. `sys` is the mount of sysfs. */
export async function listUsbPrinters(sys = '/sys'): Promise<UsbPrinter[]> {
  const folder = join(sys, 'class/usbmisc');
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter(name => /^lp\d+$/.test(name))
      .toSorted()
      .map(name => lookAt(join(folder, name), name)),
  );
  return found.filter(printer => printer !== undefined);
}

/** Undefined for a printer that was pulled while it was looked at. */
async function lookAt(folder: string, name: string): Promise<UsbPrinter | undefined> {
  const place = await realpath(join(folder, 'device')).catch(() => undefined);
  if (place === undefined) return undefined;
  const read = (file: string) =>
    readFile(file, 'utf8').then(
      text => text.trim(),
      () => '',
    );
  const device = dirname(place);
  const [vendor, product, serial, maker, title, id1284] = await Promise.all([
    ...['idVendor', 'idProduct', 'serial', 'manufacturer', 'product'].map(file => read(join(device, file))),
    read(join(place, 'ieee1284_id')),
  ]);
  if (!vendor || !product) return undefined;
  const usb = `${vendor}:${product}`.toLowerCase();
  return {
    node: `/dev/usb/${name}`,
    port: basename(place),
    usb,
    serial: serial || null,
    name: [maker, title].filter(Boolean).join(' '),
    model: modelOf(usb, `${title} ${id1284}`),
  };
}

/** The fingerprint with the best score decides. */
function modelOf(usb: string, names: string): string | null {
  const fits = ({ usb: pattern, name }: PrinterFingerprint) =>
    (pattern === usb || pattern === `${usb.slice(0, 4)}:*`) &&
    (name === undefined || names.toLowerCase().includes(name.toLowerCase()));
  const [best] = printerFingerprints.filter(fits).toSorted((a, b) => b.score - a.score);
  return best?.model ?? null;
}

/**
 * The printer at a socket, or with a serial number, or, when nothing is asked for, the only ticket printer
 * there is. Throws `printer.absent`.
 */
export async function getUsbPrinter(
  wish: { port?: string | undefined; serial?: string | undefined },
  sys?: string,
): Promise<UsbPrinter> {
  const all = await listUsbPrinters(sys);
  const asked = wish.port !== undefined || wish.serial !== undefined;
  const fitting = asked
    ? all.filter(
        ({ port, serial }) =>
          port === (wish.port ?? port) && (wish.serial === undefined || serial === wish.serial),
      )
    : all.filter(({ model }) => model !== null);
  const [one, ...more] = fitting;
  // Two of one make: printing on the wrong one would be worse than not at all (F25).
  if (!one || more.length > 0)
    throw new AppError('printer.absent', {
      found: fitting.map(({ port, name }) => `${name} ${port}`).join(', '),
    });
  return one;
}
