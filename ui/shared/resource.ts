import { type Signal, signal } from '@preact/signals';
import type { ApiError, LiveTopic } from '../../protocol/api/common.ts';
import { get, isRefusal } from './api.ts';
import { onChanged } from './live.ts';

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
  let timer: ReturnType<typeof setTimeout> | undefined;

  const fetchOnce = async () => {
    const asked = path();
    if (asked === null) return;
    clearTimeout(timer);
    const started = version;
    const answer = await get<T>(asked);
    // The page looks at something else by now.
    if (asked !== path()) return;
    // A value came by another way, and nobody knows which of the two is newer.
    if (started !== version) again = true;
    else if (answer.ok) {
      held.value = { kind: 'ready', value: answer.value, error: null };
      onValue(answer.value);
    } else {
      if (!isRefusal(answer.error)) timer = setTimeout(refresh, againAfterMs);
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
      held.value = { kind: 'ready', value, error: null };
      onValue(value);
      // A slow answer may be older than what the page held already.
      if (topics.length > 0) void refresh();
    },
  };
}

/** The value, or null while there is none. */
export function heldValue<T>(from: Resource<T>): T | null {
  return from.held.value.kind === 'ready' ? from.held.value.value : null;
}
