import { apiError } from '../../platform/http.ts';
import type { ScannerView, ScanView } from '../../protocol/api.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { DocumentScanner } from '../peripherals/driver.ts';
import type { DocumentDesk } from './document-desk.ts';
import type { IncomingDesk } from './incoming-desk.ts';

export interface ScannerOfBranch {
  id: string;
  title: string;
  dpi: number;
  scanner: DocumentScanner;
}

/** Pages into a case, from a scanner beside the clerk or from the folder of a multi-function printer. */
export interface ScanDesk {
  scanners(): ScannerView[];
  /** Whether pages are being drawn: then nobody else may ask the device anything. */
  isBusy(scannerId: string): boolean;
  /**
   * Every page is stored as it comes; a fault in the middle keeps those before it and is told in the answer.
   * With `replaces`, one sheet is drawn and takes the place of that page.
   */
  scan(caseId: string, kind: string, scannerId: string, replaces?: number): Promise<ScanView>;
  take(caseId: string, kind: string, files: readonly string[]): Promise<void>;
  stop(): void;
}

export function createScanDesk(parts: {
  scanners: readonly ScannerOfBranch[];
  documents: DocumentDesk;
  incoming: IncomingDesk;
  onChange: () => void;
}): ScanDesk {
  const { documents, incoming, onChange } = parts;
  const stopped = new AbortController();
  const busy = new Set<string>();
  const faults = new Map<string, ErrorCode>();

  return {
    scanners: () =>
      parts.scanners.map(({ id, title }) => {
        const code = faults.get(id);
        return {
          id,
          title,
          state: busy.has(id) ? 'busy' : code ? 'faulted' : 'ready',
          error: code ? apiError(code) : null,
        };
      }),
    isBusy: scannerId => busy.has(scannerId),
    async scan(caseId, kind, scannerId, replaces) {
      const device = parts.scanners.find(({ id }) => id === scannerId);
      if (!device) throw new AppError('scanner.absent');
      if (busy.has(scannerId)) throw new AppError('scanner.busy');
      // Before the first pause: a second press of the button must find it busy.
      busy.add(scannerId);
      onChange();
      let documentId = '';
      let pages = 0;
      try {
        await documents.assertIntake(caseId, kind);
        documentId = documents.documentFor(caseId, kind);
        faults.delete(scannerId);
        for await (const page of device.scanner.scan({ dpi: device.dpi, signal: stopped.signal })) {
          await documents.addPage({
            caseId,
            kind,
            documentId,
            page,
            ...(replaces === undefined ? {} : { replaces }),
          });
          pages++;
          if (replaces !== undefined) break;
        }
        return { documentId, pages, error: null };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.code.startsWith('scanner.')) faults.set(scannerId, error.code);
        if (pages === 0) throw error;
        return { documentId, pages, error: apiError(error.code, { ...error.details, pages }) };
      } finally {
        busy.delete(scannerId);
        documents.recogniseWaiting();
        onChange();
      }
    },
    async take(caseId, kind, files) {
      await documents.assertIntake(caseId, kind);
      const documentId = documents.documentFor(caseId, kind);
      try {
        for (const id of files) {
          const page = await incoming.page(id);
          await documents.addPage({
            caseId,
            kind,
            documentId,
            page,
            also: () => incoming.markTaken(id, documentId),
          });
        }
      } finally {
        documents.recogniseWaiting();
        onChange();
      }
    },
    stop: () => stopped.abort(),
  };
}
