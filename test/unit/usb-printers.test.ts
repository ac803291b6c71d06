import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { getUsbPrinter, listUsbPrinters } from '../../device/peripherals/printers/usb-printers.ts';

interface Plugged {
  lp: string;
  port: string;
  files: Record<string, string>;
  id1284?: string;
}

let dir: string;
let trees = 0;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-sysfs-'));
});
after(() => rm(dir, { recursive: true }));

/** A sysfs as the kernel shows it. */
async function plug(...printers: Plugged[]): Promise<string> {
  const sys = join(dir, String(++trees));
  await mkdir(join(sys, 'class/usbmisc'), { recursive: true });
  for (const { lp, port, files, id1284 } of printers) {
    const device = join(sys, 'devices/usb1', port);
    const place = join(device, `${port}:1.0`);
    await mkdir(join(place, 'usbmisc', lp), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(device, name), `${text}\n`);
    if (id1284) await writeFile(join(place, 'ieee1284_id'), id1284);
    await symlink(place, join(place, 'usbmisc', lp, 'device'));
    await symlink(join(place, 'usbmisc', lp), join(sys, 'class/usbmisc', lp));
  }
  return sys;
}

const epson = (lp: string, port: string, serial: string): Plugged => ({
  ...{ lp, port, id1284: 'MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;' },
  files: { idVendor: '04b8', idProduct: '0202', serial, manufacturer: 'EPSON', product: 'UB-U05' },
});
const custom: Plugged = {
  ...{ lp: 'lp2', port: '1-4' },
  files: { idVendor: '0DD4', idProduct: '0205', manufacturer: 'CUSTOM', product: 'VKP80III' },
};
const office: Plugged = {
  ...{ lp: 'lp3', port: '1-1.2' },
  files: { idVendor: '03f0', idProduct: '1234', product: 'LaserJet' },
};

test('printers are known by vendor and by the name that the interface tells', async () => {
  const found = await listUsbPrinters(await plug(epson('lp0', '1-2', 'A1'), custom, office));
  assert.deepEqual(
    found.map(({ node, port, usb, model }) => [node, port, usb, model]),
    [
      ['/dev/usb/lp0', '1-2:1.0', '04b8:0202', 'epson-tm-t88'],
      ['/dev/usb/lp2', '1-4:1.0', '0dd4:0205', 'custom-vkp80'],
      ['/dev/usb/lp3', '1-1.2:1.0', '03f0:1234', null],
    ],
  );
});

test('a machine without USB has no printers', async () => {
  assert.deepEqual(await listUsbPrinters(join(dir, 'nothing')), []);
});

test('the only ticket printer is found without being named, an office printer beside it is left alone', async () => {
  assert.equal((await getUsbPrinter({}, await plug(custom, office))).node, '/dev/usb/lp2');
  await assert.rejects(getUsbPrinter({}, await plug(office)), { code: 'printer.absent' });
});

test('F24 F25 of two alike the socket or the serial number decides, whatever their device files are called', async () => {
  const first = await plug(epson('lp0', '1-2', 'A1'), epson('lp1', '1-3', 'A2'));
  const swapped = await plug(epson('lp1', '1-2', 'A1'), epson('lp0', '1-3', 'A2'));
  await assert.rejects(getUsbPrinter({}, first), { code: 'printer.absent' });
  assert.equal((await getUsbPrinter({ port: '1-3:1.0' }, first)).node, '/dev/usb/lp1');
  assert.equal((await getUsbPrinter({ port: '1-3:1.0' }, swapped)).node, '/dev/usb/lp0');
  assert.equal((await getUsbPrinter({ serial: 'A1' }, swapped)).node, '/dev/usb/lp1');
});
