import { defineDriver } from '../driver.ts';
import { readFrames } from './read-codes.ts';
import { typeCode } from './type-code.ts';

/** A scanner on RS-232, or one that plays a serial port over USB (CDC-ACM). */
export const serialScanner = defineDriver({
  id: 'barcode-scanner.serial',
  kind: 'barcode-scanner',
  title: { ru: 'Сканер кодов, последовательный порт', en: 'Code scanner, serial port' },
  matches: [
    // Makers of scanners alone: Honeywell/Metrologic, Zebra/Symbol, Datalogic, Newland, Mindeo.
    { line: 'serial', usb: '0c2e:*', score: 3 },
    { line: 'serial', usb: '05e0:*', score: 3 },
    { line: 'serial', usb: '05f9:*', score: 3 },
    { line: 'serial', usb: '1eab:*', score: 3 },
    { line: 'serial', score: 2 },
  ],
  async open(env) {
    const pipe = env.wire.over(await env.openSerial(env.settings.baudRate));
    return readFrames(
      pipe,
      env,
      bytes => bytes,
      frame => env.tell(typeCode(frame)),
    );
  },
});
