import type { ApiError } from '../../protocol/api/common.ts';
import { dictionary } from './dictionary.ts';

export type Answer<T> = { ok: true; value: T } | { ok: false; error: ApiError };

type Listener = () => void;
let onLoginRequired: Listener = () => {};

/** Who opens the login form when the session is gone. */
export function whenLoginRequired(listener: Listener): void {
  onLoginRequired = listener;
}

let logIns = 0;

/** From now on only what was asked after the log-in tells that the session is gone. */
export function beginSession(): void {
  logIns += 1;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Asks this page's own server. A refusal and a missing answer are both values: nothing is thrown, and
 * nothing is repeated by itself.
 */
export async function call<T>(
  method: Method,
  path: string,
  sent?: unknown,
  timeoutMs = 15_000,
): Promise<Answer<T>> {
  const came = await exchange(method, path, sent, timeoutMs);
  if (!came) return { ok: false, error: ownError('page.no-answer') };
  const value = readJson(await came.body.text());
  if (came.ok && value !== undefined) return { ok: true, value: value as T };
  return refusal(came, value);
}

/** Asks for a picture; otherwise as `call`. */
export async function postForPicture(path: string, sent: unknown): Promise<Answer<Blob>> {
  const came = await exchange('POST', path, sent, 15_000);
  if (!came) return { ok: false, error: ownError('page.no-answer') };
  return came.ok ? { ok: true, value: came.body } : refusal(came, readJson(await came.body.text()));
}

/** Asks for a file and gives it to the browser to keep; a refusal is a value as with `call`. */
export async function saveFile(path: string, name: string): Promise<ApiError | null> {
  const came = await exchange('GET', path, undefined, saveTimeoutMs);
  if (!came) return ownError('page.no-answer');
  if (!came.ok) return refusal(came, readJson(await came.body.text())).error;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(came.body);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
  return null;
}

const saveTimeoutMs = 10 * 60_000;

/** Undefined without an answer; one that breaks off in the middle is none. */
async function exchange(method: Method, path: string, sent: unknown, timeoutMs: number) {
  const session = logIns;
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
      ...(sent === undefined ? {} : asBody(sent)),
    });
    return { ok: response.ok, status: response.status, session, body: await response.blob() };
  } catch {
    return undefined;
  }
}

function refusal(came: { status: number; session: number }, value: unknown): { ok: false; error: ApiError } {
  const error = isApiError(value) ? value : ownError('page.bad-answer', { status: came.status });
  // One that was asked before somebody logged in says nothing about the session that began since.
  if (error.code === 'access.login-required' && came.session === logIns) onLoginRequired();
  return { ok: false, error };
}

/** A form says itself what it is and where its parts end; a file goes as it is. */
function asBody(body: unknown): RequestInit {
  if (body instanceof FormData) return { body };
  return body instanceof Blob
    ? { headers: { 'content-type': 'application/octet-stream' }, body }
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export const get = <T>(path: string): Promise<Answer<T>> => call<T>('GET', path);
export const post = <T>(path: string, body: unknown = {}, timeoutMs?: number): Promise<Answer<T>> =>
  call<T>('POST', path, body, timeoutMs);
export const put = <T>(path: string, body: unknown): Promise<Answer<T>> => call<T>('PUT', path, body);

/** Whether the server itself said no; false when it did not answer, so that the wish may have been done. */
export function isRefusal(error: ApiError): boolean {
  return !error.code.startsWith('page.');
}

/** Null for an empty body (204), undefined for what is no JSON: a proxy's page. */
function readJson(body: string): unknown {
  if (body === '') return null;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isApiError(value: unknown): value is ApiError {
  return typeof value === 'object' && value !== null && 'code' in value && 'ru' in value && 'en' in value;
}

/** What the page itself has to say, in the shape of a refusal. */
export function ownError(
  code: 'page.no-answer' | 'page.bad-answer' | 'page.busy',
  details: Record<string, unknown> = {},
): ApiError {
  const { ru, en } = dictionary[code];
  return { code, ru, en, details };
}
