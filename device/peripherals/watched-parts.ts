import type { ErrorCode } from '../../protocol/errors.ts';
import type { BoxConfig } from '../config/box-config.ts';
import { checkScanner } from './document-scanners/open-scanner.ts';
import type { TicketPrinter } from './driver.ts';
import type { Watched } from './health.ts';
import { codeOfPrinter } from './open-peripherals.ts';

/** What of a box is asked for its health: the devices, the token and the disk. */
export function watchedParts(parts: {
  config: BoxConfig;
  printer: TicketPrinter;
  /** Whether a scanner draws pages and must not be asked. */
  isScanning: (scannerId: string) => boolean;
  token: { view(): Promise<{ code?: ErrorCode }> };
  /** Why no documents are taken, if so. */
  guard: { whyNot(): Promise<ErrorCode | null> };
  /** Whether content was found damaged and has not come again. */
  isDamaged: () => boolean;
}): Watched[] {
  const { config, printer, isScanning, token, guard, isDamaged } = parts;
  return [
    {
      id: 'ticket-printer',
      kind: 'ticket-printer',
      title: { ru: 'Принтер талонов', en: 'Ticket printer' },
      check: async () => codeOfPrinter(await printer.status()),
    },
    ...config.scanners.map(
      (scanner): Watched => ({
        id: scanner.id,
        kind: 'document-scanner',
        title: { ru: scanner.title, en: scanner.title },
        check: async () => (isScanning(scanner.id) ? null : await checkScanner(scanner, config.dataDir)),
        everyMs: 30_000,
      }),
    ),
    {
      id: 'token',
      kind: 'token',
      title: { ru: 'Ключ подписи', en: 'Signature token' },
      check: async () => (await token.view()).code ?? null,
    },
    {
      id: 'disk',
      kind: 'disk',
      title: { ru: 'Место на диске', en: 'Disk space' },
      check: async () => (isDamaged() ? 'journal.blob-corrupt' : guard.whyNot()),
    },
  ];
}
