import { defineDriver } from '../driver.ts';
import { PosReports } from './pos-reports.ts';
import { typeCode } from './type-code.ts';

/** A scanner that tells its codes whole (USB HID POS); no keyboard is involved. */
export const hidPosScanner = defineDriver({
  id: 'barcode-scanner.hid-pos',
  kind: 'barcode-scanner',
  title: { ru: 'Сканер кодов, HID POS', en: 'Code scanner, HID POS' },
  matches: [{ line: 'hid', usagePage: 0x8c, score: 5 }],
  async open(env) {
    const pipe = env.wire.over(await env.openHid({ takesKeyboard: false }));
    const reports = new PosReports(env.attached.descriptor);
    const stop = pipe.onBytes(report => {
      const code = reports.take(report);
      const framed = code && withoutEnds(code);
      if (framed?.length) env.tell(typeCode(framed));
    });
    return {
      onClose: listener => pipe.onClose(listener),
      close() {
        stop();
        return pipe.close();
      },
    };
  },
});

/** Scanners that are set to press Enter do so here too. */
function withoutEnds(code: Uint8Array): Uint8Array {
  const isEnd = (byte: number | undefined) => byte === 0x0d || byte === 0x0a;
  let [start, end] = [0, code.length];
  while (start < end && isEnd(code[start])) start++;
  while (end > start && isEnd(code[end - 1])) end--;
  return code.subarray(start, end);
}
