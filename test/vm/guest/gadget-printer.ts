import { closeSync, constants, existsSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { SimulatedPrinter } from '../../simulators/ticket-printer/simulated-printer.ts';
import { serveDevice } from './device-server.ts';

/*
 * A USB ticket printer with a back-channel: the kernel's printer gadget on a host controller of the kernel's own
 * making (dummy_hcd), so that usblp and all above it are real. `plug 0` and `plug 1` are two sockets.
 */
const gadget = '/sys/kernel/config/usb_gadget/printer';
const end = '/dev/g_printer0';
const lookEveryMs = 20;
const chunkBytes = 8192;

const tickets: { lines: string[]; cut: boolean; violations: string[] }[] = [];
const printer = new SimulatedPrinter(({ lines, cut, violations }) =>
  tickets.push({ lines, cut, violations }),
);
let file: number | undefined;

async function make(): Promise<void> {
  if (existsSync(gadget)) return;
  await mkdir(`${gadget}/strings/0x409`, { recursive: true });
  await mkdir(`${gadget}/configs/c.1`, { recursive: true });
  await mkdir(`${gadget}/functions/printer.0`, { recursive: true });
  const facts = {
    idVendor: '0x04b8',
    idProduct: '0x0e15',
    'strings/0x409/manufacturer': 'EPSON',
    'strings/0x409/product': 'TM-T20II',
    'strings/0x409/serialnumber': 'VM000001',
    'functions/printer.0/pnp_string': 'MFG:EPSON;MDL:TM-T20II;CMD:ESC/POS;CLS:PRINTER;\n',
    'functions/printer.0/q_len': '10',
  };
  for (const [name, text] of Object.entries(facts)) writeFileSync(`${gadget}/${name}`, text);
  await symlink(`${gadget}/functions/printer.0`, `${gadget}/configs/c.1/printer.0`);
}

async function plug(socket: string): Promise<void> {
  await make();
  writeFileSync(`${gadget}/UDC`, `dummy_udc.${socket}`);
}

function unplug(): void {
  writeFileSync(`${gadget}/UDC`, '\n');
  if (file !== undefined) closeSync(file);
  file = undefined;
}

/** Blocking reads would hold a thread for ever; the gadget's end is looked at instead. */
setInterval(() => {
  const buffer = Buffer.alloc(chunkBytes);
  try {
    if (!existsSync(end)) return;
    file ??= openSync(end, constants.O_RDWR | constants.O_NONBLOCK);
    const count = readSync(file, buffer, 0, chunkBytes, null);
    if (count > 0) printer.receive(buffer.subarray(0, count), answer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') console.error(String(error));
  }
}, lookEveryMs);

/** What nobody fetches is lost, as on a real printer. */
function answer(bytes: Uint8Array): void {
  try {
    if (file !== undefined) writeSync(file, bytes);
  } catch (error) {
    console.error(String(error));
  }
}

serveDevice(async (what, text) => {
  if (what === 'plug') await plug(text);
  else if (what === 'unplug') unplug();
  else if (what === 'faults') printer.faults.set(JSON.parse(text).change, JSON.parse(text).when);
  else if (what === 'clear') printer.faults.clear();
  else if (what === 'is-dead') return printer.faults.now().dead;
  else if (what === 'tickets') return tickets;
  else throw new Error(what);
});
