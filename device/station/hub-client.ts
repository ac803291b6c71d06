import type { ApiError } from '../../protocol/api/common.ts';

/** The hub refused, by its own word. */
export class HubRefusal extends Error {
  readonly status: number;
  readonly body: ApiError;
  constructor(status: number, body: ApiError) {
    super(body.code);
    this.status = status;
    this.body = body;
  }
}

/** Nobody answered, or not the hub: `message` says what happened. */
export class HubAway extends Error {}

export interface HubClient {
  /** JSON as text. Throws `HubRefusal`, `HubAway`. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<string>;
}

const answerMs = 5_000;

/** Talks to the hub as the station; logs in when it has to. */
export function createHubClient(hub: { url: string; login: string; password: string }): HubClient {
  let cookie = '';

  async function once(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> {
    return fetch(`${hub.url}${path}`, {
      method,
      headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerMs),
    }).catch(orAway);
  }
  async function text(answer: Response): Promise<string> {
    const said = await answer.text().catch(orAway);
    if (answer.ok) return said;
    throw new HubRefusal(answer.status, refusalIn(said));
  }

  return {
    async ask(method, path, body) {
      const answer = await once(method, path, body);
      if (answer.status !== 401) return text(answer);
      await answer.body?.cancel();
      const { login, password } = hub;
      const entered = await once('POST', '/api/login', { login, password });
      await text(entered.clone());
      cookie = entered.headers
        .getSetCookie()
        .map(each => each.split(';')[0])
        .join('; ');
      return text(await once(method, path, body));
    },
  };
}

function orAway(error: unknown): never {
  const { message, cause } = error as Error;
  throw new HubAway(cause instanceof Error ? cause.message : message, { cause: error });
}

/** Something between the station and the hub may answer in the hub's place. */
function refusalIn(said: string): ApiError {
  try {
    const body: unknown = JSON.parse(said);
    if (typeof body === 'object' && body !== null && 'code' in body) return body as ApiError;
  } catch (error) {
    throw new HubAway(String(error));
  }
  throw new HubAway('an answer that is not the hub’s');
}
