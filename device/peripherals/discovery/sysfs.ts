import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { topUsage } from '../barcode-scanners/report-descriptor.ts';
import type { Attached } from './attached.ts';

export interface Roots {
  /** `/sys` */
  sys: string;
  /** `/dev` */
  dev: string;
}

type UsbFacts = Pick<Attached, 'usb' | 'serial' | 'model'> & { interfaceName: string };
const keyboardUsage = { page: 1, usage: 6 };
const mostDescriptorBytes = 4096;

/**
 * Serial ports, HID devices and USB keyboards that the kernel shows now. Nothing is opened and nothing woken. A
 * machine without USB gives an empty list; what vanishes while we look is left out.
 */
export async function lookAtSysfs({ sys, dev }: Roots): Promise<Attached[]> {
  const found = await Promise.all([serialPorts(sys, dev), hidDevices(sys, dev), keyboards(sys)]);
  return found.flat();
}

async function serialPorts(sys: string, dev: string): Promise<Attached[]> {
  return each(join(sys, 'class/tty'), async (name, dir) => {
    const device = await realpath(join(dir, 'device'));
    const usb = await usbFacts(device);
    // Every PC lists built-in ports that are not there: those have no chip (type 0, PORT_UNKNOWN).
    if (!usb && ((await text(dir, 'type')) ?? '0') === '0') return undefined;
    const common = {
      line: 'serial' as const,
      node: join(dev, name),
      usage: null,
      descriptor: new Uint8Array(),
    };
    if (usb) return { ...common, ...place(usb) };
    return { ...common, port: name, usb: null, serial: null, model: name };
  });
}

async function hidDevices(sys: string, dev: string): Promise<Attached[]> {
  return each(join(sys, 'class/hidraw'), async (name, dir) => {
    const device = await realpath(join(dir, 'device'));
    const descriptor = (await bytes(device, 'report_descriptor')) ?? new Uint8Array();
    const usage = topUsage(descriptor);
    // A keyboard is found by its USB interface: taken from the kernel, it is no hidraw any more.
    if (usage?.page === keyboardUsage.page) return undefined;
    const facts = hidFacts((await text(device, 'uevent')) ?? '');
    const usb = await usbFacts(device);
    const common = { line: 'hid' as const, node: join(dev, name), usage, descriptor };
    if (usb) return { ...common, ...place(usb) };
    // Bluetooth, or a device that a program makes (uhid): its own words are all there is.
    return { ...common, ...facts, port: facts.port || name };
  });
}

async function keyboards(sys: string): Promise<Attached[]> {
  return each(join(sys, 'bus/usb/devices'), async (name, dir) => {
    const [kind, protocol] = [await text(dir, 'bInterfaceClass'), await text(dir, 'bInterfaceProtocol')];
    // Human interface of the boot keyboard (HID 1.11, clauses 4.1 and 4.3).
    if (!name.includes(':') || kind !== '03' || protocol !== '01') return undefined;
    const usb = await usbFacts(await realpath(dir));
    if (!usb) return undefined;
    return {
      line: 'keyboard',
      node: name,
      usage: keyboardUsage,
      descriptor: new Uint8Array(),
      ...place(usb),
    };
  });
}

function place({ interfaceName, usb, serial, model }: UsbFacts) {
  return { port: interfaceName, usb, serial, model };
}

/** The USB interface and device above a node; undefined for what is not USB. */
async function usbFacts(device: string): Promise<UsbFacts | undefined> {
  for (let dir = device; dir !== dirname(dir); dir = dirname(dir)) {
    if ((await text(dir, 'bInterfaceNumber')) === undefined) continue;
    const parent = dirname(dir);
    const [vendor, product] = [await text(parent, 'idVendor'), await text(parent, 'idProduct')];
    if (!vendor || !product) return undefined;
    const words = [await text(parent, 'manufacturer'), await text(parent, 'product')];
    return {
      interfaceName: basename(dir),
      usb: { vendor, product },
      serial: bounded(await text(parent, 'serial')) || null,
      model: bounded(words.filter(Boolean).join(' ')) || `${vendor}:${product}`,
    };
  }
  return undefined;
}

function hidFacts(uevent: string): Pick<Attached, 'usb' | 'serial' | 'model' | 'port'> {
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(uevent)?.[1] ?? '';
  const [, vendor, product] =
    /^[0-9A-F]{4}:0000([0-9A-F]{4}):0000([0-9A-F]{4})$/i.exec(value('HID_ID')) ?? [];
  return {
    usb: vendor && product ? { vendor: vendor.toLowerCase(), product: product.toLowerCase() } : null,
    serial: bounded(value('HID_UNIQ')) || null,
    model: bounded(value('HID_NAME')) || 'HID',
    port: bounded(value('HID_PHYS')),
  };
}

/** One entry after another of a class; whatever cannot be read is gone or none of ours. */
async function each(
  dir: string,
  look: (name: string, dir: string) => Promise<Attached | undefined>,
): Promise<Attached[]> {
  const names = await readdir(dir).catch(() => []);
  const found = await Promise.all(names.map(name => look(name, join(dir, name)).catch(() => undefined)));
  return found.filter(one => one !== undefined);
}

async function text(dir: string, name: string): Promise<string | undefined> {
  return (await bytes(dir, name))?.toString().trim();
}

/** Undefined for what is not there: most nodes lack most attributes. */
async function bytes(dir: string, name: string): Promise<Buffer | undefined> {
  try {
    return (await readFile(join(dir, name))).subarray(0, mostDescriptorBytes);
  } catch {
    return undefined;
  }
}

/** A device may call itself anything. */
function bounded(words: string | undefined): string {
  return (words ?? '')
    .replace(/[^\p{L}\p{N} ._:/()-]+/gu, ' ')
    .trim()
    .slice(0, 80);
}
