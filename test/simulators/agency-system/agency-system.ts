import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { type Clock, systemClock } from '../../../platform/clock.ts';
import type { Agency, AgencyService } from './catalogue.ts';
import { openContent } from './content.ts';
import { type Call, fault, gatewayCalls, type Reply } from './gateway-calls.ts';
import { openIdentity } from './identity.ts';
import { goodMode, type Mode } from './mode.ts';
import { openRecords, type RecordedRefusal, type Registered } from './records.ts';
import { resultMaker } from './result.ts';
import { startWork } from './work.ts';

export interface AgencySystemOptions {
  /** Keys, records and content; a second start in the same folder goes on where the first one stood. */
  dir: string;
  /** 0: any free port, and the same one again after `down`. */
  port?: number;
  /** DNS names and addresses of the server's certificate. */
  names?: string[];
  /** Name of the agency in its letters, unless `agencies` says otherwise. */
  title: string;
  /** DER: authorities of the clerks, and of the boxes. */
  packageAnchors: Uint8Array[];
  containerAnchors: Uint8Array[];
  /** PEM: only clients with a certificate of this authority are let in … */
  clientCa: string;
  /** … and only with this common name, when one is given: boxes may have the same authority as the centre. */
  clientName?: string;
  /** Who is served under `/{id}/gateway/1/`; without it any id is, under the one `title`. */
  agencies?: Agency[];
  /** Services that are taken; without it any. */
  services?: AgencyService[];
  stepMs?: number;
  clock?: Clock;
}

export interface AgencySystem {
  /** Root of the server; the base URL of an agency is this and `/{agencyId}`. */
  url: string;
  /** PEM of the authority behind the server's certificate. */
  ca: string;
  /** PEM of the authority behind the officers' signatures and the signature of the container. */
  officerCa: string;
  mode(change: Partial<Mode>): Promise<Mode>;
  requests(): Registered[];
  refusals(): RecordedRefusal[];
  /** Packages and results on the disk. */
  contents(): Promise<number>;
  close(): Promise<void>;
}

/** The system of one agency or of several: HTTPS with certificates on both sides, behind it an office that works. */
export async function startAgencySystem(options: AgencySystemOptions): Promise<AgencySystem> {
  const clock = options.clock ?? systemClock;
  const names = [...new Set(['localhost', '127.0.0.1', ...(options.names ?? [])])];
  const identity = await openIdentity(join(options.dir, 'keys'), names, clock);
  const records = openRecords(join(options.dir, 'records.db'));
  const content = await openContent(join(options.dir, 'content'));
  let mode = goodMode;

  const agencyOf = (id: string): Agency =>
    options.agencies?.find(agency => agency.id === id) ?? { id, title: options.title };
  const serviceOf = (id: string): AgencyService =>
    options.services?.find(service => service.id === id) ?? { id, title: id, resultTitle: 'Решение' };
  const work = startWork({
    records,
    content,
    clock,
    stepMs: options.stepMs ?? 1500,
    mode: () => mode,
    packageAnchors: options.packageAnchors,
    containerAnchors: options.containerAnchors,
    makeResult: resultMaker(identity, agencyOf, serviceOf),
  });
  const answer = gatewayCalls({
    records,
    content,
    work,
    clock,
    mode: () => mode,
    serves: id => options.services?.some(service => service.id === id) ?? true,
  });

  async function handle(request: IncomingMessage): Promise<Reply> {
    if (mode.down) return fault(503, 'down');
    if (options.clientName !== undefined && clientNameOf(request) !== options.clientName)
      return fault(403, 'only the centre is let in');
    const call = callOf(request);
    if (!call || (options.agencies && !options.agencies.some(({ id }) => id === call.agencyId)))
      return fault(404, 'there is no such agency');
    return await answer(call);
  }

  const server = createServer(
    {
      ...identity.tls,
      ca: options.clientCa,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    },
    (request, response) => {
      void respond(request, response, async () => {
        const reply = await handle(request);
        const changes = request.method === 'PUT' || request.method === 'POST';
        if (changes && mode.slowMs > 0) await sleep(mode.slowMs, undefined, { ref: false });
        return reply;
      });
    },
  );
  let port = options.port ?? 0;
  const listen = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const hangUp = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await listen();

  return {
    url: `https://127.0.0.1:${port}`,
    ca: identity.tlsCa,
    officerCa: identity.officerCa,
    async mode(change) {
      mode = { ...mode, ...change };
      if (mode.down === true) await hangUp();
      else if (!server.listening) await listen();
      return mode;
    },
    requests: records.all,
    refusals: records.refusals,
    contents: content.count,
    async close() {
      await hangUp();
      await work.stop();
      records.close();
    },
  };
}

function callOf(request: IncomingMessage): Call | undefined {
  const url = new URL(request.url ?? '/', 'https://agency');
  const [, agencyId, path] = /^\/([a-z0-9][a-z0-9.-]{0,63})\/gateway\/1\/(.+)$/.exec(url.pathname) ?? [];
  if (!agencyId || !path) return undefined;
  return { agencyId, path, method: request.method ?? 'GET', query: url.searchParams, request };
}

function clientNameOf(request: IncomingMessage): string | undefined {
  const { socket } = request;
  return socket instanceof TLSSocket ? [socket.getPeerCertificate().subject?.CN].flat()[0] : undefined;
}

/** Writes a reply; a client that went away in the middle comes again by itself. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  work: () => Promise<Reply>,
): Promise<void> {
  try {
    const { status, json, sizeBytes, stream } = await work();
    const body = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
    if (body) response.setHeader('content-type', 'application/json');
    const length = sizeBytes ?? body?.length ?? 0;
    if (status !== 204) response.setHeader('content-length', length);
    response.writeHead(status);
    if (stream) await pipeline(stream, response);
    else response.end(body);
  } catch (error) {
    if (!request.socket.destroyed) throw error;
  }
}
