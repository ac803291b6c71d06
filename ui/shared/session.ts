import { signal } from '@preact/signals';
import type { ApiError } from '../../protocol/api/common.ts';
import type { Me } from '../../protocol/api/people.ts';
import { beginSession, get, post, whenLoginRequired } from './api.ts';
import { listenAnew, restUnseen } from './live.ts';

export type Session =
  | { state: 'unknown'; error: ApiError | null }
  | { state: 'out' }
  /** `lost`: the cookie ran out while the page was open; what was on it stays. */
  | { state: 'in'; me: Me; lost: boolean };

export const session = signal<Session>({ state: 'unknown', error: null });

/** Learns who is logged in; calls `onEnter` then and after every later login. */
export async function startSession(onEnter: () => void): Promise<void> {
  entered = onEnter;
  followTabs();
  restUnseen();
  whenLoginRequired(() => {
    const now = session.value;
    session.value = now.state === 'in' ? { ...now, lost: true } : { state: 'out' };
  });
  await learnMe();
}

export async function learnMe(): Promise<void> {
  session.value = { state: 'unknown', error: null };
  await askMe();
}

/** A box that is just starting is asked again by itself: nobody stands before a page on the wall. */
const againAfterMs = 5_000;

async function askMe(): Promise<void> {
  if (session.value.state !== 'unknown') return;
  const answer = await get<Me>('/api/me');
  if (answer.ok) enter(answer.value);
  else if (answer.error.code !== 'access.login-required') {
    session.value = { state: 'unknown', error: answer.error };
    setTimeout(askMe, againAfterMs);
  }
}

/** Logs in; the refusal, or null when it went well. */
export async function logIn(login: string, password: string): Promise<ApiError | null> {
  const answer = await post<Me>('/api/login', { login, password });
  if (!answer.ok) return answer.error;
  beginSession();
  tabs.postMessage(answer.value.login);
  const before = session.value;
  // Another person must not see what the one before left on the page.
  if (before.state === 'in' && before.me.login !== answer.value.login) location.reload();
  else goOn(answer.value);
  return null;
}

export async function logOut(): Promise<ApiError | null> {
  const answer = await post<null>('/api/logout');
  if (!answer.ok && answer.error.code !== 'access.login-required') return answer.error;
  tabs.postMessage(null);
  location.hash = '';
  location.reload();
  return null;
}

/** The log-in is the browser's: what one tab does holds for all of them. Tells who is in, or null. */
const tabs = new BroadcastChannel('okno-session');

/** No tab acts for somebody else than whom it shows; one that lost its session goes on with it. */
function followTabs(): void {
  tabs.onmessage = async ({ data }: MessageEvent<string | null>) => {
    const now = session.value;
    if (now.state === 'in' && now.me.login !== data) location.reload();
    else if (data !== null) {
      beginSession();
      const answer = await get<Me>('/api/me');
      if (answer.ok) goOn(answer.value);
    }
  };
}

let entered: () => void = () => {};

/** What is on the page stays; the stream has to know whose it is now. */
function goOn(me: Me): void {
  listenAnew();
  enter(me);
}

function enter(me: Me): void {
  session.value = { state: 'in', me, lost: false };
  entered();
}
