import { AppError } from '../../protocol/app-error.ts';
import { hidPosScanner } from './barcode-scanners/hid-pos.ts';
import { keyboardScanner } from './barcode-scanners/keyboard.ts';
import { serialScanner } from './barcode-scanners/serial.ts';
import { keyboardCardReader, serialCardReader } from './card-readers/number-readers.ts';
import { pcscCardReader } from './card-readers/pcsc.ts';
import type { Attached } from './discovery/attached.ts';
import type { Driver, Match } from './driver.ts';

/** Every driver of a device that is found when it is plugged in. Printers and scanners of paper are configured. */
export const drivers: readonly Driver[] = unique([
  hidPosScanner,
  keyboardScanner,
  serialScanner,
  pcscCardReader,
  keyboardCardReader,
  serialCardReader,
]);

/** Two drivers of one id would take each other's devices. */
export function unique(all: readonly Driver[]): readonly Driver[] {
  const seen = new Set<string>();
  for (const { id } of all) {
    if (seen.has(id)) throw new AppError('internal.unexpected', { what: `two drivers ${id}` });
    seen.add(id);
  }
  return all;
}

/** Drivers that can work with it, the best first; each with the score of its best fingerprint. */
export function driversFor(all: readonly Driver[], attached: Attached): { driver: Driver; score: number }[] {
  return all
    .map(driver => ({ driver, score: Math.max(0, ...driver.matches.map(match => scoreOf(match, attached))) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
}

/** The score of a fingerprint when all that it names is so, else 0. */
function scoreOf(match: Match, { line, usb, usage }: Attached): number {
  if (match.line !== line) return 0;
  if (match.usagePage !== undefined && match.usagePage !== usage?.page) return 0;
  const [vendor, product] = match.usb?.split(':') ?? [];
  if (vendor && vendor !== usb?.vendor) return 0;
  if (product && product !== '*' && product !== usb?.product) return 0;
  return match.score;
}
