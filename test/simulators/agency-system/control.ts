import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AgencySystem, respond } from './agency-system.ts';
import { fault, jsonOf } from './gateway-calls.ts';
import { ModeChange } from './mode.ts';

/** A second, plain port on this machine only: `GET /state`, `POST /mode` with any members of `Mode`. */
export async function startControl(
  system: AgencySystem,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void respond(request, response, async () => {
      if (request.method === 'POST' && request.url === '/mode') {
        const change = await jsonOf(request, ModeChange);
        return change ? { status: 200, json: await system.mode(change) } : fault(400, 'no such mode');
      }
      if (request.method !== 'GET' || request.url !== '/state') return fault(404, 'GET /state, POST /mode');
      const state = {
        mode: await system.mode({}),
        requests: system.requests(),
        refusals: system.refusals(),
        contents: await system.contents(),
      };
      return { status: 200, json: state };
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
