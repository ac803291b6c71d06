import { KeyboardReports } from '../barcode-scanners/keyboard-reports.ts';
import { readFrames } from '../barcode-scanners/read-codes.ts';
import { type DriverEnv, defineDriver } from '../driver.ts';

/*
 * Readers that tell the number of a card and nothing else, over a serial port or as a keyboard. The number is
 * in hex, or as Russian access-control readers print it: `Em-Marine[5500] 126,01234`.
 */

export const serialCardReader = defineDriver({
  id: 'card-reader.serial',
  kind: 'card-reader',
  title: { ru: 'Считыватель номеров карт, последовательный порт', en: 'Card number reader, serial port' },
  matches: [{ line: 'serial', score: 1 }],
  async open(env) {
    const pipe = env.wire.over(await env.openSerial(env.settings.baudRate));
    return readFrames(
      pipe,
      env,
      bytes => bytes,
      frame => tellNumber(env, frame),
    );
  },
});

export const keyboardCardReader = defineDriver({
  id: 'card-reader.keyboard',
  kind: 'card-reader',
  title: { ru: 'Считыватель номеров карт, клавиатура', en: 'Card number reader, keyboard' },
  matches: [{ line: 'keyboard', score: 1 }],
  async open(env) {
    const pipe = env.wire.over(await env.openHid({ takesKeyboard: true }));
    const keyboard = new KeyboardReports();
    return readFrames(
      pipe,
      env,
      report => Uint8Array.from(keyboard.take(report)),
      frame => tellNumber(env, frame),
    );
  },
});

function tellNumber(env: DriverEnv, frame: Uint8Array): void {
  const said = Buffer.from(frame).toString('latin1').trim();
  const uid = cardNumber(said);
  if (/^no card$/i.test(said)) env.tell({ kind: 'card-gone' });
  else if (uid) env.tell({ kind: 'card', atr: null, uid, identity: null });
  else env.garbage();
}

/** Hex of what a reader said; undefined when it is no number of a card. */
export function cardNumber(said: string): string | undefined {
  const [, series, facility, number] = /^[\w-]+\[([0-9A-F]{4})\] ?(\d{1,3}),(\d{1,5})/i.exec(said) ?? [];
  if (series && facility && number) {
    const [high, low] = [Number(facility), Number(number)];
    if (high > 255 || low > 65535) return undefined;
    return `${series}${high.toString(16).padStart(2, '0')}${low.toString(16).padStart(4, '0')}`.toUpperCase();
  }
  const hex = said.replace(/[ :-]/g, '');
  return /^(?:[0-9A-F]{2}){4,10}$/i.test(hex) ? hex.toUpperCase() : undefined;
}
