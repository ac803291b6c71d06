import { defineDriver } from '../driver.ts';
import { KeyboardReports } from './keyboard-reports.ts';
import { readFrames } from './read-codes.ts';
import { typeCode } from './type-code.ts';

/** A scanner that plays a keyboard. It is taken from the system, so that nothing it types lands in a page. */
export const keyboardScanner = defineDriver({
  id: 'barcode-scanner.keyboard',
  kind: 'barcode-scanner',
  title: { ru: 'Сканер кодов, клавиатура', en: 'Code scanner, keyboard' },
  // Never by itself: it might be the clerk's keyboard.
  matches: [{ line: 'keyboard', score: 2 }],
  async open(env) {
    const pipe = env.wire.over(await env.openHid({ takesKeyboard: true }));
    const keyboard = new KeyboardReports();
    return readFrames(
      pipe,
      env,
      report => Uint8Array.from(keyboard.take(report)),
      frame => env.tell(typeCode(frame)),
    );
  },
});
