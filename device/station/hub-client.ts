import type { ApiError } from '../../protocol/api.ts';

/** The hub refused, by its own word; anything else that fails is a hub that is away. */
export class HubRefusal extends Error {
  readonly status: number;
  readonly body: ApiError;
  constructor(status: number, body: ApiError) {
    super(body.code);
    this.status = status;
    this.body = body;
  }
}

export interface HubClient {
  /** JSON as text. Throws `HubRefusal`; any other error means that the hub is away. */
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
    });
  }
  async function text(answer: Response): Promise<string> {
    const said = await answer.text();
    if (answer.ok) return said;
    throw new HubRefusal(answer.status, JSON.parse(said) as ApiError);
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
