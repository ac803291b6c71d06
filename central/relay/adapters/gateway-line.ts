import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { Log } from '../../../platform/log.ts';
import { AppError } from '../../../protocol/app-error.ts';
import { limits } from '../../../protocol/limits.ts';

export interface GatewayLineOptions {
  /** Address of the agency's system, up to and without `/gateway/1`. */
  baseUrl: string;
  /** All PEM. Only certificates of this `ca` are taken for the agency. */
  tls: { ca: string; cert: string; key: string };
  /** Longest time for a small call, and longest silence while content moves. */
  timeoutMs: number;
  log?: Pick<Log, 'debug'>;
}

export interface Answer {
  status: number;
  /** Undefined when the body was empty or no JSON. */
  json: unknown;
}

type Method = 'GET' | 'HEAD' | 'PUT' | 'POST';
/** Gives the bytes from the start each time it is called. */
type Body = { mediaType: string; sizeBytes: number; open: () => AsyncIterable<Uint8Array> };

/**
 * HTTPS with certificates on both sides and bounds on everything that the other side decides: time, size,
 * form. Any failure of the line becomes `relay.agency-unreachable`.
 */
export interface GatewayLine {
  call(method: Method, path: string, json?: unknown): Promise<Answer>;
  upload(path: string, body: Body): Promise<Answer>;
  /** Rejects when the answer is not 200. */
  download(path: string): Promise<AsyncIterable<Uint8Array>>;
  head(path: string): Promise<{ status: number; sizeBytes: number | undefined }>;
  close(): void;
}

export function gatewayLine(options: GatewayLineOptions): GatewayLine {
  const { timeoutMs, log } = options;
  const base = new URL(options.baseUrl);
  const prefix = `${base.pathname.replace(/\/+$/, '')}/gateway/1/`;
  const agent = new Agent({ keepAlive: true, maxSockets: 4, minVersion: 'TLSv1.2', ...options.tls });

  async function ask(
    method: Method,
    path: string,
    extra: RequestOptions,
    body?: Body,
  ): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt++) {
      const target = { host: hostOf(base), port: base.port || 443, path: prefix + path };
      const sending = request({ ...target, method, agent, timeout: timeoutMs, ...extra });
      // What happens after the answer began is told by the answer's own stream.
      sending.on('error', error => log?.debug({ path, error }, 'connection to the agency failed'));
      sending.on('timeout', () => sending.destroy(new Error(`silent for ${timeoutMs} ms`)));
      const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
      const uploadFault = body ? pipeline(body.open(), sending).then(noFault, asFault) : undefined;
      if (!body) sending.end();
      try {
        const [response] = await answered;
        log?.debug({ method, path, status: response.statusCode }, 'agency answered');
        // An answer that comes before all is sent wins: the agency need not read what it does not want.
        if (!sending.writableEnded) response.once('end', () => sending.destroy());
        return response;
      } catch (error) {
        // The source's own fault reaches the request only as "aborted".
        const fault = await uploadFault;
        if (fault instanceof AppError) throw fault;
        // The agency may close an idle connection in the instant in which we use it (RFC 9112 section 9.3.1).
        if (attempt === 1 && sending.reusedSocket && hasCode(error, 'ECONNRESET')) continue;
        throw unreachable(error);
      }
    }
  }

  async function small(method: Method, path: string, body?: Body): Promise<IncomingMessage> {
    const headers = body ? { 'content-type': body.mediaType, 'content-length': body.sizeBytes } : {};
    return await ask(method, path, { headers, signal: AbortSignal.timeout(timeoutMs) }, body);
  }

  return {
    async call(method, path, json) {
      return await answerOf(await small(method, path, json === undefined ? undefined : jsonBody(json)));
    },
    async upload(path, body) {
      const headers = { 'content-type': body.mediaType, 'content-length': body.sizeBytes };
      return await answerOf(await ask('PUT', path, { headers }, body));
    },
    async download(path) {
      const response = await ask('GET', path, {});
      if (response.statusCode === 200) return chunksOf(response);
      response.destroy();
      throw unreachable(`content: the answer ${response.statusCode} is not the one agreed`);
    },
    async head(path) {
      const response = await small('HEAD', path);
      response.resume();
      return { status: response.statusCode ?? 0, sizeBytes: announcedSize(response) };
    },
    close: () => agent.destroy(),
  };
}

/** The fault of a line as a value that is thrown; the reason is for the technician. */
export function unreachable(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const reason = typeof cause === 'string' ? cause : describe(cause);
  return new AppError('relay.agency-unreachable', { reason }, { cause });
}

const noFault = () => undefined;
const asFault = (fault: unknown) => fault;

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return (code ? `${code}: ${error.message}` : error.message).slice(0, 300);
}

/** Node writes an IPv6 address of a URL in brackets; the socket wants it without. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

function jsonBody(value: unknown): Body {
  const bytes = Buffer.from(JSON.stringify(value));
  return {
    mediaType: 'application/json',
    sizeBytes: bytes.length,
    open: async function* () {
      yield bytes;
    },
  };
}

function announcedSize(response: IncomingMessage): number | undefined {
  const length = response.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunksOf(response)) {
    sizeBytes += chunk.length;
    if (sizeBytes > limits.jsonBodyBytes) throw unreachable('the answer is too large');
    parts.push(chunk);
  }
  return { status: response.statusCode ?? 0, json: parsed(Buffer.concat(parts).toString('utf8')) };
}

/** Errors of the stream become ours; leaving the loop early closes the connection. */
async function* chunksOf(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) yield chunk as Uint8Array;
  } catch (error) {
    throw unreachable(error);
  }
}

/** A proxy's page of HTML is an answer too; only its status tells something. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
