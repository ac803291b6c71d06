import type { TestResult } from '../../protocol/api/technician.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ScannerOfBranch } from '../cases/scan-desk.ts';
import type { Journal } from '../journal/journal.ts';
import type { TicketPrinter, TicketSlip } from '../peripherals/driver.ts';
import type { Supervisor } from '../peripherals/supervisor.ts';
import { refusalOf } from '../signing/refusal.ts';
import type { TokenService } from '../signing/token-service.ts';

/** How long a technician may look for a code or card. */
const readingMs = 30_000;

/** Tries one device for a technician. Leaves no trace in the queue, in cases or in the journal but a wrong PIN. */
export function createDeviceTests(parts: {
  printer: TicketPrinter;
  /** A ticket that nobody can take for a real one. */
  slip: () => TicketSlip;
  scanners: readonly ScannerOfBranch[];
  /** Whether a scanner draws pages for a case. */
  isScanning: (scannerId: string) => boolean;
  token: TokenService;
  /** Wrong PINs are facts, whoever typed them. */
  journal: Journal;
  supervisor: Supervisor;
}) {
  const { printer, slip, scanners, isScanning, token, journal, supervisor } = parts;

  async function print(): Promise<TestResult> {
    const outcome = await printer.print(slip());
    if (outcome.kind === 'failed') throw new AppError(outcome.code);
    if (outcome.kind === 'doubtful') throw new AppError('printer.unconfirmed');
    return { kind: 'printed' };
  }

  async function scan({ id, dpi, scanner }: ScannerOfBranch): Promise<TestResult> {
    if (isScanning(id)) throw new AppError('scanner.busy');
    for await (const page of scanner.scan({ dpi, signal: new AbortController().signal }))
      return { kind: 'scanned', sizeBytes: page.bytes.length };
    throw new AppError('scanner.no-documents');
  }

  async function sign(pin: string | undefined, login: string): Promise<TestResult> {
    const outcome = await token.session(pin ?? null, async ({ certificate, sign: signBytes }) => {
      await signBytes(Buffer.from('Окно: проверка ключа подписи'));
      return { kind: 'signed' as const, owner: certificate.owner, algorithm: certificate.algorithm };
    });
    if (outcome.kind === 'done') return outcome.value;
    if (outcome.kind === 'pin-refused') {
      const { tokenSerial, triesLeft } = outcome;
      const body = { tokenSerial, triesLeft, clerk: login };
      await journal.commit([{ type: 'token.pin-refused', subject: tokenSerial, body }]);
    }
    throw refusalOf(outcome);
  }

  /** Throws the code of what went wrong, or `internal.not-found`. */
  return async function test(deviceId: string, pin: string | undefined, login: string): Promise<TestResult> {
    if (deviceId === 'ticket-printer') return print();
    if (deviceId === 'token') return sign(pin, login);
    const scanner = scanners.find(({ id }) => id === deviceId);
    if (scanner) return scan(scanner);
    return { kind: 'read', read: await supervisor.nextReading(deviceId, readingMs) };
  };
}
export type DeviceTests = ReturnType<typeof createDeviceTests>;
