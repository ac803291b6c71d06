import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Login } from '../../platform/login.ts';
import {
  RoleWish,
  type TechnicianView,
  type TestResult,
  TestWish,
  type WireView,
  WireWish,
} from '../../protocol/api/technician.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { DeviceTests } from '../technician/device-tests.ts';
import type { TechnicianDesk } from '../technician/technician-desk.ts';
import { isThisMachine } from './this-machine.ts';

const DeviceParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
interface OfDevice {
  Params: Static<typeof DeviceParams>;
}
const params = { params: DeviceParams };

/** Devices as a technician sees them; `okno doctor` on the same machine reads them without a log-in. */
export function addTechnicianRoutes(
  server: FastifyInstance,
  parts: { login: Login; desk: TechnicianDesk; test: DeviceTests },
): void {
  const { login, desk, test } = parts;

  server.get('/api/technician', async (request): Promise<TechnicianView> => {
    login.require(request, 'technician');
    return desk.view();
  });
  server.get('/api/doctor', async (request): Promise<TechnicianView> => {
    // Nothing in the view is secret; it only is nobody's business in the hall.
    if (!isThisMachine(request)) throw new AppError('access.login-required');
    return desk.view();
  });
  server.put<OfDevice & { Body: RoleWish }>(
    '/api/technician/devices/:id/role',
    { schema: { ...params, body: RoleWish } },
    async (request): Promise<TechnicianView> => {
      login.require(request, 'technician');
      await desk.assign(request.params.id, request.body);
      return desk.view();
    },
  );
  server.post<OfDevice & { Body: Static<typeof TestWish> }>(
    '/api/technician/devices/:id/test',
    { schema: { ...params, body: TestWish } },
    async (request): Promise<TestResult> => {
      const me = login.require(request, 'technician');
      return test(request.params.id, request.body.pin, me.login);
    },
  );
  server.get<OfDevice>(
    '/api/technician/devices/:id/wire',
    { schema: params },
    async (request): Promise<WireView> => {
      login.require(request, 'technician');
      return desk.wire(request.params.id);
    },
  );
  server.put<OfDevice & { Body: Static<typeof WireWish> }>(
    '/api/technician/devices/:id/wire',
    { schema: { ...params, body: WireWish } },
    async (request): Promise<WireView> => {
      login.require(request, 'technician');
      return desk.turnWire(request.params.id, request.body.on);
    },
  );
}
