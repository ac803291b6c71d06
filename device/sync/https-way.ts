import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import { Agent, type AgentOptions, type RequestOptions, request } from 'node:https';
import type { Duplex } from 'node:stream';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppError } from '../../protocol/app-error.ts';
import type { ByteRange } from '../../protocol/content.ts';
import { type ErrorCode, errorTable } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { Blob } from '../../protocol/values.ts';
import type { CentreLine } from './centre-line.ts';
import type { ContentWay } from './content-way.ts';
import type { RoundTrip } from './pace.ts';
import { createPacer } from './pacer.ts';

/** A body goes in slices of this size: small enough that the router's queue does not see them as a burst. */
const sliceBytes = 8 * 1024;

/** Opened at once for the first transfer. */
const connections = 4;

const Missing = Type.Object({
  missing: Type.Array(Type.Object({ start: Type.Integer(), end: Type.Integer() })),
});
const isMissing = Compile(Missing);

interface Call {
  headers?: Record<string, string>;
  body?: Buffer;
  onSent?: () => void;
  /** A new connection was made for this call. */
  onConnected?: () => void;
  agent?: Agent;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Content over HTTPS with certificates on both sides, each range on a connection that is kept for the next. */
export function httpsWay(options: { url: string; line: CentreLine; requestTimeoutMs?: number }): ContentWay {
  const dial = () => options.line.connect(options.url);
  const transfers = new CentreAgent({ keepAlive: true }, dial);
  const pings = new CentreAgent({ keepAlive: true, maxSockets: 2 }, dial);
  const closed = new AbortController();
  /** Ranges on their way. */
  const bodies = new Set<ClientRequest>();
  const pacer = createPacer(ping, () => {
    for (const body of bodies) body.destroy(new Error('round trips come back, but no content arrives'));
  });

  async function call(method: string, path: string, what: Call = {}): Promise<Answer> {
    const { headers = {}, body, onSent, onConnected, agent = transfers } = what;
    const target: RequestOptions = {
      method,
      agent,
      headers: body ? { ...headers, 'content-length': body.length } : headers,
      signal: closed.signal,
      timeout: options.requestTimeoutMs ?? 30_000,
    };
    const answered = Promise.withResolvers<Answer>();
    const outgoing = request(new URL(path, options.url), target, incoming => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > limits.contentRangeBytes + 65_536) incoming.destroy(new AppError('internal.too-large'));
        else chunks.push(chunk);
      });
      incoming.on('error', answered.reject);
      incoming.on('end', () =>
        answered.resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    if (onConnected)
      outgoing.on('socket', socket => socket.connecting && socket.once('secureConnect', onConnected));
    outgoing.on('timeout', () => outgoing.destroy(new Error('no sign of life')));
    outgoing.on('error', answered.reject);
    try {
      if (body) {
        bodies.add(outgoing);
        outgoing.on('close', () => bodies.delete(outgoing));
        await Promise.race([send(body), answered.promise]);
      }
      outgoing.end();
      onSent?.();
      return await answered.promise;
    } catch (cause) {
      closed.signal.throwIfAborted();
      throw new AppError('sync.centre-unreachable', { path }, { cause });
    }

    async function send(bytes: Buffer): Promise<void> {
      for (let at = 0; at < bytes.length; at += sliceBytes) {
        const slice = bytes.subarray(at, at + sliceBytes);
        await pacer.take(slice.length);
        if (outgoing.destroyed) return;
        await new Promise(resolve => outgoing.write(slice, resolve));
      }
    }
  }

  async function ping(): Promise<RoundTrip> {
    let begunMs = performance.now();
    // The first one must not count the handshake.
    const onConnected = () => {
      begunMs = performance.now();
    };
    const { headers } = await call('GET', '/content', { agent: pings, onConnected });
    return { ms: performance.now() - begunMs, receivedBytes: Number(headers['okno-received'] ?? 0) };
  }

  return {
    name: 'https',
    async missing(blob) {
      // The ranges that follow shall not wait for handshakes.
      if (Object.keys(transfers.freeSockets).length === 0)
        for (let more = 1; more < connections; more++) call('GET', '/content').catch(() => {});
      const answer = await pacer.during(() => call('GET', `${pathOf(blob)}/missing?${named(blob)}`));
      if (answer.status !== 200) throw refusal(answer);
      const said: unknown = JSON.parse(answer.body.toString('utf8'));
      if (!isMissing.Check(said)) throw new AppError('internal.bad-request', { by: 'centre' });
      const { missing } = said as Static<typeof Missing>;
      return missing.length === 0 ? 'complete' : missing;
    },
    async put(blob, { start, end }, body, onSent) {
      const headers = {
        'content-type': 'application/octet-stream',
        'content-range': `bytes ${start}-${end}/${blob.sizeBytes}`,
      };
      const put = { headers, body, onSent };
      const answer = await pacer.during(() => call('PUT', `${pathOf(blob)}?${named(blob)}`, put));
      if (answer.status === 201) return 'complete';
      if (answer.status === 202) return 'part';
      throw refusal(answer);
    },
    async get(blob, { start, end }: ByteRange) {
      const headers = { range: `bytes=${start}-${end}` };
      const answer = await call('GET', pathOf(blob), { headers });
      if (answer.status !== 206) throw refusal(answer);
      return answer.body;
    },
    close() {
      pacer.stop();
      closed.abort();
      for (const agent of [transfers, pings]) agent.destroy();
    },
  };
}

/** Keeps connections that were made in the way of the line. */
class CentreAgent extends Agent {
  readonly #dial: () => Duplex;
  constructor(options: AgentOptions, dial: () => Duplex) {
    super(options);
    this.#dial = dial;
  }
  override createConnection(): Duplex {
    return this.#dial();
  }
}

const pathOf = ({ sha256 }: Blob) => `/content/${sha256}`;
const named = ({ sizeBytes, mediaType }: Blob) =>
  new URLSearchParams({ size: String(sizeBytes), type: mediaType });

/** What the centre said, by its code; anything else was said by something in between. */
function refusal({ status, body }: Answer): AppError {
  const code = /"code":"([a-z-]+\.[a-z-]+)"/.exec(body.toString('utf8'))?.[1];
  if (code !== undefined && Object.hasOwn(errorTable, code))
    return new AppError(code as ErrorCode, { by: 'centre', status });
  return new AppError('sync.centre-unreachable', { status });
}
