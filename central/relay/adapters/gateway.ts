import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Log } from '../../../platform/log.ts';
import { AppError } from '../../../protocol/app-error.ts';
import {
  GatewayAck,
  GatewayEvent,
  GatewayRefusal,
  type GatewayRequest,
  gatewayEventsPerAnswer,
} from '../../../protocol/gateway.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Blob } from '../../../protocol/values.ts';
import type { AgencyAdapter, SendOutcome } from '../adapter.ts';
import {
  type Answer,
  type GatewayLine,
  type GatewayLineOptions,
  gatewayLine,
  unreachable,
} from './gateway-line.ts';

export interface GatewayAdapterOptions extends GatewayLineOptions {
  log?: Pick<Log, 'debug' | 'warn'>;
}

const ackShape = Compile(GatewayAck);
const refusalShape = Compile(GatewayRefusal);
const eventShape = Compile(GatewayEvent);
const numberedShape = Compile(Type.Object({ seq: Type.Integer({ minimum: 1 }) }));
const listShape = Compile(
  Type.Object({ events: Type.Array(Type.Unknown(), { maxItems: gatewayEventsPerAnswer }) }),
);

/** Client of the exchange profile in protocol/gateway.ts: one agency's system, never trusted. */
export function gatewayAdapter(options: GatewayAdapterOptions): AgencyAdapter {
  const line = gatewayLine(options);

  async function refuse(seq: number, refusal: GatewayRefusal): Promise<void> {
    const reason = refusal.reason.slice(0, 500);
    const answer = await line.call('POST', `events/${seq}/refusal`, { ...refusal, reason });
    if (answer.status !== 204) throw strange('refusal', answer);
  }

  /** An event that cannot be read must not hold up the ones behind it: it goes back and is stepped over. */
  async function readable(event: unknown): Promise<GatewayEvent | undefined> {
    if (eventShape.Check(event)) return event;
    const seq = numberedShape.Check(event) ? event.seq : undefined;
    options.log?.warn({ seq }, 'the agency sent an event that breaks the profile');
    if (seq !== undefined) await refuse(seq, { code: 'relay.event-malformed', reason: 'schema' });
    return undefined;
  }

  return {
    async send(request, openPackage) {
      try {
        return (await deliverContent(line, request.package, openPackage)) ?? (await register(line, request));
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'relay.agency-unreachable') throw error;
        return { kind: 'unreachable', reason: String(error.details.reason) };
      }
    },

    async events(after) {
      for (let from = after; ; ) {
        const answer = await line.call('GET', `events?after=${from}`);
        if (answer.status !== 200 || !listShape.Check(answer.json)) throw strange('events', answer);
        const found = new Map<number, GatewayEvent>();
        let last = from;
        for (const candidate of answer.json.events) {
          if (numberedShape.Check(candidate)) last = Math.max(last, candidate.seq);
          const event = await readable(candidate);
          if (event && event.seq > after) found.set(event.seq, event);
        }
        // A whole answer of unreadable events says nothing about the ones that come after it.
        if (found.size > 0 || last === from) return [...found.values()].sort((a, b) => a.seq - b.seq);
        from = last;
      }
    },

    async acknowledge(upTo) {
      const answer = await line.call('POST', 'events/ack', { upTo });
      if (answer.status !== 204) throw strange('ack', answer);
    },

    async fetchContent(blob, take) {
      if (blob.sizeBytes > limits.packageBytes)
        throw new AppError('internal.too-large', { sizeBytes: blob.sizeBytes });
      const check = contentCheck(blob);
      for await (const chunk of await line.download(`content/${blob.sha256}`)) {
        if (!check.add(chunk)) throw mismatch(blob);
        await take(chunk);
      }
      if (!check.complete()) throw mismatch(blob);
    },

    refuse,
    close: line.close,
  };
}

/** Brings the package to the agency unless it lies there from an earlier try; undefined when it is there. */
async function deliverContent(
  line: GatewayLine,
  blob: Blob,
  openPackage: () => Readable,
): Promise<SendOutcome | undefined> {
  const path = `content/${blob.sha256}`;
  const there = await line.head(path);
  if (there.status === 200 && there.sizeBytes === blob.sizeBytes) return undefined;
  const open = () => checkedPackage(blob, openPackage());
  const answer = await line.upload(path, { mediaType: blob.mediaType, sizeBytes: blob.sizeBytes, open });
  if (answer.status === 200 || answer.status === 201) return undefined;
  return refusedOr('content', answer);
}

async function register(line: GatewayLine, request: GatewayRequest): Promise<SendOutcome> {
  const answer = await line.call('POST', 'requests', request);
  const { status, json } = answer;
  if (status === 202 && ackShape.Check(json) && json.requestId === request.requestId)
    return { kind: 'accepted', ack: json };
  return refusedOr('request', answer);
}

function refusedOr(call: string, answer: Answer): SendOutcome {
  if (answer.status !== 422 || !refusalShape.Check(answer.json)) throw strange(call, answer);
  const { code, reason } = answer.json;
  return { kind: 'refused', code: 'relay.agency-refused', reason: reason || code };
}

/**
 * The bytes as they leave. What our own store gives must be what the request names: the last piece goes
 * only when all of them fit, so that the agency never has the whole of a wrong package.
 */
async function* checkedPackage(blob: Blob, source: Readable): AsyncGenerator<Uint8Array> {
  const check = contentCheck(blob);
  const corrupt = () => new AppError('journal.blob-corrupt', { sha256: blob.sha256 });
  let held: Uint8Array | undefined;
  try {
    for await (const chunk of source) {
      if (!check.add(chunk as Uint8Array)) throw corrupt();
      if (held) yield held;
      held = chunk as Uint8Array;
    }
  } catch (error) {
    // Our own disk failed, not the line: never to be taken for an agency that does not answer.
    throw error instanceof AppError ? error : new AppError('internal.unexpected', {}, { cause: error });
  }
  if (!check.complete()) throw corrupt();
  if (held) yield held;
}

/** `add` is false once there is more than announced; `complete` is true when size and digest fit. */
function contentCheck(blob: Blob): { add(chunk: Uint8Array): boolean; complete(): boolean } {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  return {
    add(chunk) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      return sizeBytes <= blob.sizeBytes;
    },
    complete: () => sizeBytes === blob.sizeBytes && hash.digest('hex') === blob.sha256,
  };
}

function mismatch(blob: Blob): AppError {
  return new AppError('sync.content-mismatch', { sha256: blob.sha256 });
}

function strange(call: string, answer: Answer): AppError {
  return unreachable(`${call}: the answer ${answer.status} is not the one agreed`);
}
