import { apiError } from '../../platform/http.ts';
import type { ScannerView, ScanView } from '../../protocol/api/scanning.ts';
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
  /** Ends a scan; what it drew so far stays. Nothing happens when there is none. */
  stopScan(scannerId: string): void;
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
  const busy = new Map<string, { stop: AbortController; view: ScannerView['scan'] }>();
  const faults = new Map<string, ErrorCode>();

  return {
    scanners: () =>
      parts.scanners.map(({ id, title }) => {
        const code = faults.get(id);
        const scan = busy.get(id)?.view;
        return {
          id,
          title,
          state: busy.has(id) ? 'busy' : code ? 'faulted' : 'ready',
          scan: scan ? { ...scan } : null,
          error: code ? apiError(code) : null,
        };
      }),
    isBusy: scannerId => busy.has(scannerId),
    async scan(caseId, kind, scannerId, replaces) {
      const device = parts.scanners.find(({ id }) => id === scannerId);
      if (!device) throw new AppError('scanner.absent');
      if (busy.has(scannerId)) throw new AppError('scanner.busy');
      // Before the first pause: a second press of the button must find it busy.
      const stop = new AbortController();
      const view = { caseId, documentId: '', pages: 0 };
      busy.set(scannerId, { stop, view });
      onChange();
      const signal = AbortSignal.any([stop.signal, stopped.signal]);
      try {
        await documents.assertIntake(caseId, kind);
        const documentId = documents.documentFor(caseId, kind);
        view.documentId = documentId;
        faults.delete(scannerId);
        let before: Uint8Array | undefined;
        for await (const page of device.scanner.scan({ dpi: device.dpi, signal })) {
          await documents.addPage({
            ...{ caseId, kind, documentId, page },
            ...(replaces === undefined ? {} : { replaces }),
          });
          view.pages++;
          onChange();
          if (replaces !== undefined) break;
          // While the next sheet is drawn. The last one is read with its document: a lone page goes faster there.
          if (before) void documents.readAhead(before);
          before = page.bytes;
        }
        return { documentId, pages: view.pages, error: null };
      } catch (error) {
        const { documentId, pages } = view;
        if (stop.signal.aborted) return { documentId, pages, error: null };
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
    stopScan: scannerId => busy.get(scannerId)?.stop.abort(),
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
