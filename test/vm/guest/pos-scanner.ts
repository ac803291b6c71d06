import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveDevice } from './device-server.ts';

/*
 * A USB HID POS scanner that the kernel believes in (linux/uhid.h). `rounds N` plugs it in and pulls it N times.
 * Its descriptor is the one that most such scanners send.
 */
const [create2, input2] = [11, 12];
const eventBytes = 4380;
const busUsb = 3;
const reportBytes = 64;
const descriptor = Buffer.from(
  [
    '058c0902a1010912a1028502150026ff007508',
    '95010501093b8102',
    '058c950309fb09fc09fd8102',
    '953809fe820201',
    '25017501950109ff8102',
    '95078103c0c0',
  ].join(''),
  'hex',
);

let device: number | undefined;

/** @param socket where it says that it is plugged in */
function plug(socket: string): void {
  device ??= openSync('/dev/uhid', 'r+');
  const event = Buffer.alloc(eventBytes);
  event.writeUInt32LE(create2, 0);
  event.write('Invented POS Scanner', 4);
  event.write(socket, 132);
  event.write('POS-1', 196);
  event.writeUInt16LE(descriptor.length, 260);
  event.writeUInt16LE(busUsb, 262);
  event.writeUInt32LE(0x0c2e, 264);
  event.writeUInt32LE(0x0b61, 268);
  descriptor.copy(event, 280);
  writeSync(device, event);
}

/** The kernel takes the device away when nobody holds its other end. */
function unplug(): void {
  if (device !== undefined) closeSync(device);
  device = undefined;
}

function scan(text: string): void {
  if (device === undefined) throw new Error('not plugged in');
  const event = Buffer.alloc(eventBytes);
  event.writeUInt32LE(input2, 0);
  event.writeUInt16LE(reportBytes, 4);
  event[6] = 2;
  event[7] = text.length;
  event.write(']Q1', 8, 'latin1');
  event.write(text, 11, 'latin1');
  writeSync(device, event);
}

serveDevice(async (what, text) => {
  if (what === 'plug') plug(text);
  else if (what === 'unplug') unplug();
  else if (what === 'scan') scan(text);
  else if (what === 'rounds') {
    for (let round = 0; round < Number(text); round++) {
      plug(`vm/round-${round % 4}`);
      await sleep(100);
      unplug();
      await sleep(50);
    }
  } else throw new Error(what);
});
