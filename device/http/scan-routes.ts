import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Login } from '../../platform/login.ts';
import { ScanWish, TakeIncoming } from '../../protocol/api/scanning.ts';
import { Id } from '../../protocol/values.ts';
import type { CaseViews } from '../cases/case-view.ts';
import type { IncomingDesk } from '../cases/incoming-desk.ts';
import type { ScanDesk } from '../cases/scan-desk.ts';

const CaseParams = Type.Object({ id: Id });
interface OfCase {
  Params: Static<typeof CaseParams>;
}
const ScannerParams = Type.Object({ scannerId: Type.String({ minLength: 1, maxLength: 100 }) });

/** Paper into a case: from the scanner beside the clerk, or from the folder of a multi-function printer. */
export function addScanRoutes(
  server: FastifyInstance,
  parts: { login: Login; scans: ScanDesk; incoming: IncomingDesk; views: CaseViews },
): void {
  const { login, scans, incoming, views } = parts;

  server.get('/api/scanners', async request => {
    login.require(request, 'clerk');
    return scans.scanners();
  });
  server.get('/api/incoming', async request => {
    login.require(request, 'clerk');
    return incoming.view();
  });
  server.post<OfCase & { Body: Static<typeof ScanWish> }>(
    '/api/cases/:id/scan',
    { schema: { params: CaseParams, body: ScanWish } },
    async request => {
      login.require(request, 'clerk');
      return scans.scan(request.params.id, request.body.kind, request.body.scannerId, request.body.replaces);
    },
  );
  server.post<{ Params: Static<typeof ScannerParams> }>(
    '/api/scanners/:scannerId/stop',
    { schema: { params: ScannerParams } },
    async request => {
      login.require(request, 'clerk');
      scans.stopScan(request.params.scannerId);
      return scans.scanners();
    },
  );
  server.post<OfCase & { Body: Static<typeof TakeIncoming> }>(
    '/api/cases/:id/documents',
    { schema: { params: CaseParams, body: TakeIncoming } },
    async request => {
      login.require(request, 'clerk');
      await scans.take(request.params.id, request.body.kind, request.body.files);
      return views.get(request.params.id);
    },
  );
}
