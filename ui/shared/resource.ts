import { type Signal, signal } from '@preact/signals';
import type { ApiError, LiveTopic } from '../../protocol/api/common.ts';
import { get, isRefusal } from './api.ts';
import { now } from './clock.ts';
import { onChanged, tellBehind } from './live.ts';

/** What a page holds of the server. `error` beside a value means that the last refresh failed. */
export type Held<T> =
  | { kind: 'loading' }
  | { kind: 'ready'; value: T; error: ApiError | null }
  | { kind: 'failed'; error: ApiError };

export interface Resource<T> {
  held: Signal<Held<T>>;
  /** Fetches now; calls that overlap are joined into one more fetch. */
  refresh(): Promise<void>;
  /** Takes an answer of another call that carries the same view, and looks whether it is still so. */
  set(value: T): void;
}

/** What did not come is asked for again; the stream may be sound, and tell nothing for a long while. */
const againAfterMs = 5_000;

/** A view of the server, fetched again whenever one of its topics changes. */
export function resource<T>(
  path: () => string | null,
  topics: LiveTopic[],
  onValue: (value: T) => void = () => {},
): Resource<T> {
  const held = signal<Held<T>>({ kind: 'loading' });
  let running: Promise<void> | null = null;
  let again = false;
  let version = 0;
  let heldAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const take = (value: T) => {
    held.value = { kind: 'ready', value, error: null };
    onValue(value);
    heldAt = now.value;
    tellBehind(held, null);
  };

  const fetchOnce = async () => {
    const asked = path();
    clearTimeout(timer);
    if (asked === null) return tellBehind(held, null);
    const started = version;
    const answer = await get<T>(asked);
    // The page looks at something else by now.
    if (asked !== path()) return;
    // A value came by another way, and nobody knows which of the two is newer.
    if (started !== version) again = true;
    else if (answer.ok) take(answer.value);
    else {
      const isGone = isRefusal(answer.error);
      if (!isGone) timer = setTimeout(refresh, againAfterMs);
      tellBehind(held, isGone || held.value.kind !== 'ready' ? null : heldAt);
      const before = held.value;
      held.value =
        before.kind === 'ready'
          ? { ...before, error: answer.error }
          : { kind: 'failed', error: answer.error };
    }
  };
  const run = async () => {
    do {
      again = false;
      await fetchOnce();
    } while (again);
    running = null;
  };
  const refresh = () => {
    if (running) again = true;
    else running = run();
    return running;
  };

  onChanged(changed => {
    if (changed.some(topic => topics.includes(topic))) void refresh();
  });
  return {
    held,
    refresh,
    set: value => {
      version += 1;
      take(value);
      // A slow answer may be older than what the page held already.
      if (topics.length > 0) void refresh();
    },
  };
}

/** The value, or null while there is none. */
export function heldValue<T>(from: Resource<T>): T | null {
  return from.held.value.kind === 'ready' ? from.held.value.value : null;
}
