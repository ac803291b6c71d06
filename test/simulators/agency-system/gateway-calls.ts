import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import type { Static, TSchema } from 'typebox';
import { Check } from 'typebox/value';
import type { Clock } from '../../../platform/clock.ts';
import { GatewayEventsAck, GatewayRefusal, GatewayRequest } from '../../../protocol/gateway.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Content } from './content.ts';
import type { Mode } from './mode.ts';
import type { Records } from './records.ts';
import type { Work } from './work.ts';

export interface Reply {
  status: number;
  json?: unknown;
  sizeBytes?: number;
  stream?: Readable;
}

export interface GatewayCallsOptions {
  records: Records;
  content: Content;
  work: Work;
  clock: Clock;
  mode: () => Mode;
  serves: (serviceId: string) => boolean;
}

/** Looks like a refusal in all but its status: only 422 may end a case. */
export function fault(status: number, reason: string): Reply {
  return { status, json: { code: 'fault', reason } };
}

/** A call of the profile: what stands behind `/gateway/1/`. */
export interface Call {
  agencyId: string;
  method: string;
  path: string;
  query: URLSearchParams;
  request: IncomingMessage;
}

/** The agency's side of protocol/gateway.ts. */
export function gatewayCalls(options: GatewayCallsOptions): (call: Call) => Promise<Reply> {
  const { records, content, work, clock } = options;

  async function receiveContent(sha256: string, request: IncomingMessage): Promise<Reply> {
    if ((await content.sizeOf(sha256)) !== undefined) {
      request.resume();
      return { status: 200 };
    }
    const kept = await content.receive(sha256, request);
    return kept ? { status: 201 } : fault(400, 'the bytes arrived changed');
  }

  async function giveContent(sha256: string): Promise<Reply> {
    const sizeBytes = await content.sizeOf(sha256);
    if (sizeBytes === undefined) return fault(404, 'there is nothing here');
    const { corruptContent } = options.mode();
    switch (corruptContent) {
      case 'short':
        return { status: 200, sizeBytes: sizeBytes - 1, stream: content.stream(sha256, sizeBytes - 1) };
      case 'stalled':
        return {
          status: 200,
          sizeBytes,
          stream: content.stream(sha256, Math.ceil(sizeBytes / 2)).pipe(new PassThrough(), { end: false }),
        };
      case true:
        return { status: 200, sizeBytes, stream: firstByteChanged(content.stream(sha256, sizeBytes)) };
      case false:
        return { status: 200, sizeBytes, stream: content.stream(sha256, sizeBytes) };
    }
  }

  async function takeRequest(agencyId: string, body: GatewayRequest): Promise<Reply> {
    const known = records.find(body.requestId);
    if (known && known.request.package.sha256 !== body.package.sha256)
      return {
        status: 422,
        json: { code: 'other-package', reason: 'Номер запроса уже занят другим пакетом' },
      };
    if (!options.serves(body.serviceId))
      return { status: 422, json: { code: 'unknown-service', reason: 'Услуга не входит в соглашение' } };
    if ((await content.sizeOf(body.package.sha256)) !== body.package.sizeBytes)
      return fault(409, 'the content is missing');
    const { ack } = records.register(agencyId, body, clock.now());
    if (!known) work.take(body.requestId);
    return { status: 202, json: ack };
  }

  function listEvents(agencyId: string, after: number): Reply {
    const events = records.events(agencyId, after);
    switch (options.mode().events) {
      case 'unreachable':
        return fault(503, 'events are out of reach');
      case 'duplicated':
        return { status: 200, json: { events: events.slice(0, 50).flatMap(event => [event, event]) } };
      case 'shuffled':
        return { status: 200, json: { events: events.toReversed() } };
      case 'malformed':
        return {
          status: 200,
          json: { events: events.map((event, n) => (n === 0 ? { ...event, at: 'вчера' } : event)) },
        };
      case 'ordered':
        return { status: 200, json: { events } };
    }
  }

  function takeRefusal(agencyId: string, seq: number, refusal: GatewayRefusal): Reply {
    const requestId = records.refuse(agencyId, seq, refusal, clock.now());
    if (requestId === undefined) return fault(404, 'there is nothing here');
    if (options.mode().remakeRefused && records.find(requestId)?.step === 'done') {
      records.reopen(requestId);
      work.take(requestId);
    }
    return { status: 204 };
  }

  return async ({ agencyId, method, path, query, request }) => {
    const sha256 = /^content\/([0-9a-f]{64})$/.exec(path)?.[1];
    const refused = /^events\/(\d{1,15})\/refusal$/.exec(path)?.[1];
    if (sha256 && method === 'PUT') return await receiveContent(sha256, request);
    if (sha256 && method === 'GET') return await giveContent(sha256);
    if (sha256 && method === 'HEAD') {
      const sizeBytes = await content.sizeOf(sha256);
      return sizeBytes === undefined ? fault(404, 'there is nothing here') : { status: 200, sizeBytes };
    }
    if (path === 'events' && method === 'GET') return listEvents(agencyId, Number(query.get('after') ?? 0));
    if (method !== 'POST') return fault(404, 'there is nothing here');
    if (path === 'requests') {
      const body = await jsonOf(request, GatewayRequest);
      return body ? await takeRequest(agencyId, body) : fault(400, 'the body breaks the profile');
    }
    if (path === 'events/ack') {
      const body = await jsonOf(request, GatewayEventsAck);
      if (!body) return fault(400, 'the body breaks the profile');
      records.acknowledge(agencyId, body.upTo);
      return { status: 204 };
    }
    if (refused) {
      const body = await jsonOf(request, GatewayRefusal);
      return body ? takeRefusal(agencyId, Number(refused), body) : fault(400, 'the body breaks the profile');
    }
    return fault(404, 'there is nothing here');
  };
}

/** The body when it is JSON of this shape. */
export async function jsonOf<S extends TSchema>(
  request: IncomingMessage,
  schema: S,
): Promise<Static<S> | undefined> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > limits.jsonBodyBytes) return undefined;
    parts.push(chunk as Buffer);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    return Check(schema, value) ? (value as Static<S>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function firstByteChanged(stream: Readable): Readable {
  let first = true;
  return stream.map((chunk: Buffer) => {
    const bytes = Buffer.from(chunk);
    if (first) bytes[0] = (bytes[0] ?? 0) ^ 1;
    first = false;
    return bytes;
  });
}
