import type { FastifyInstance } from 'fastify';
import type { Login } from '../../platform/login.ts';
import { HubFactsQuery, type HubView, type TechnicianHubView } from '../../protocol/api/hub.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { BoxConfig } from '../config/box-config.ts';
import { sharedOf } from '../config/shared-configuration.ts';
import type { PairLine } from '../hub/follow-pair.ts';
import type { Hub } from '../hub/hub.ts';

/** What only the hub of a branch does: numbers, calls, and what is told about them. */
const ofTheHub =
  /^\/api\/(tickets|queue|window|hall|stations|appointments|ratings|administrator-calls)(\/|$)/;

/** Must be added before the addresses that it guards. */
export function guardHub(server: FastifyInstance, hub: Pick<Hub, 'whyNot'>): void {
  server.addHook('onRequest', async ({ method, routeOptions }) => {
    // The address of the route: the one that was asked for can be written in many ways.
    const refusal = method !== 'GET' && ofTheHub.test(routeOptions.url ?? '') ? hub.whyNot() : null;
    if (refusal) throw new AppError(refusal.code, refusal.details);
  });
}

/** Which box is the hub, for pages and stations, for the other box, and for the technician who changes it. */
export function addHubRoutes(
  server: FastifyInstance,
  parts: {
    hub: Hub;
    line: () => PairLine | undefined;
    config: BoxConfig;
    login: Login;
    onChange: () => void;
  },
): void {
  const { hub, line, config, login, onChange } = parts;
  const technicianView = (): TechnicianHubView => ({ ...hub.view(), pair: line()?.view() ?? null });

  server.get('/api/hub', async (): Promise<HubView> => hub.view());
  server.post<{ Body: HubFactsQuery }>(
    '/api/hub/facts',
    { schema: { body: HubFactsQuery } },
    async request => {
      const { login: asker } = login.require(request, 'spare');
      if (asker !== config.pair?.box) throw new AppError('access.forbidden');
      const { term } = hub.view();
      const told = await hub.tell(request.body);
      if (hub.view().term !== term) onChange();
      return told;
    },
  );
  server.get('/api/hub/configuration', async request => {
    login.require(request, 'spare');
    return sharedOf(config);
  });
  server.get('/api/technician/hub', async (request): Promise<TechnicianHubView> => {
    login.require(request, 'technician');
    return technicianView();
  });
  server.post('/api/technician/take-over', async (request): Promise<TechnicianHubView> => {
    login.require(request, 'technician');
    await hub.takeOver();
    onChange();
    return technicianView();
  });
}
