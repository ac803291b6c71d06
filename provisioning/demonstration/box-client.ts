import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiError } from '../../protocol/api/common.ts';

/** A refusal of a server, with its code. */
export class Refused extends Error {
  readonly error: ApiError;
  constructor(error: ApiError) {
    super(`${error.code}: ${error.ru}`);
    this.error = error;
  }
}

export interface HttpClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  bytes(path: string): Promise<Buffer>;
}

/** Speaks to a box or a centre as its pages do: JSON, a form, or bytes as they are, and a cookie. Throws `Refused`. */
export function httpClient(baseUrl: string): HttpClient {
  let cookie = '';
  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    const sent = asSent(body);
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        ...(cookie && { cookie }),
        ...sent.headers,
      },
      ...(sent.body !== undefined && { body: sent.body }),
      signal: AbortSignal.timeout(60_000),
    });
    const [set] = response.headers.getSetCookie();
    if (set) cookie = set.split(';')[0] ?? '';
    if (!response.ok) throw new Refused((await response.json()) as ApiError);
    return response;
  }
  return {
    get: async path => (await call('GET', path)).json(),
    post: async (path, body) => (await call('POST', path, body)).json(),
    put: async (path, body) => (await call('PUT', path, body)).json(),
    bytes: async path => Buffer.from(await (await call('GET', path)).arrayBuffer()),
  };
}

/**
 * Asks until there is an answer. Throws with `what` when there is none in time: twice as long as a line
 * may rest between two tries.
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false | null>,
  timeoutMs = 120_000,
): Promise<T> {
  const endsMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > endsMs) throw new Error(`waited in vain: ${what}`);
    await sleep(100);
  }
}

/** A form says itself what it is; bytes go as they are. */
function asSent(body: unknown): {
  headers?: Record<string, string>;
  body?: FormData | Uint8Array<ArrayBuffer> | string;
} {
  if (body === undefined) return {};
  if (body instanceof FormData) return { body };
  if (body instanceof Uint8Array)
    return { headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array(body) };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
