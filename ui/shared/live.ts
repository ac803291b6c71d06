import { computed, signal } from '@preact/signals';
import type { LiveChange, LiveTopic } from '../../protocol/api/common.ts';
import type { Reading } from '../../protocol/readings.ts';
import { now } from './clock.ts';

/** After this silence figures are no longer called current (`alive` comes every 5 s). */
const silenceMs = 12_000;
const reconnectMs = 2_000;
const unseenMs = 60_000;

export type Freshness = { state: 'connecting' } | { state: 'live' } | { state: 'stale'; since: number };

/** What is heard of the server. */
const stream = signal<Freshness>({ state: 'connecting' });
/** Views that could not be fetched again, and the time in ms of what the page holds of them. */
const behind = signal<ReadonlyMap<object, number>>(new Map());

/** Whether all that the page shows is current. `since` is the server's time in ms. */
export const freshness = computed<Freshness>(() => {
  if (stream.value.state !== 'live' || behind.value.size === 0) return stream.value;
  return { state: 'stale', since: Math.min(...behind.value.values()) };
});

/** `heldAt`: the time of what the page holds of a view that did not come; null when it came. */
export function tellBehind(view: object, heldAt: number | null): void {
  if (heldAt === null && !behind.value.has(view)) return;
  const others = new Map(behind.value);
  if (heldAt === null) others.delete(view);
  else others.set(view, heldAt);
  behind.value = others;
}

const everyTopic: Record<LiveTopic, true> = {
  ...{ hub: true, queue: true, board: true, hall: true, cases: true },
  ...{ devices: true, link: true, register: true, incoming: true },
};
const allTopics = Object.keys(everyTopic) as LiveTopic[];
const listeners = new Set<(topics: LiveTopic[]) => void>();

/** Calls back with the topics that are to be fetched again. */
export function onChanged(listener: (topics: LiveTopic[]) => void): void {
  listeners.add(listener);
}

const readers = new Set<(reading: Reading) => void>();
let openAnew = () => {};
let close = () => {};

/** Calls back with what a scanner or card reader of this page's place read. Returns the way to stop. */
export function onReading(listener: (reading: Reading) => void): () => void {
  readers.add(listener);
  return () => readers.delete(listener);
}

/** The server tells by the log-in whose window this is: after a new one the stream begins anew. */
export function listenAnew(): void {
  openAnew();
}

/**
 * A browser opens six connections to a server for all of its tabs together, and each stream keeps one: a tab that
 * nobody looks at gives it back after a while, and listens again when it is seen.
 */
export function restUnseen(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let rests = false;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === 'hidden')
      timer = setTimeout(() => {
        rests = true;
        close();
      }, unseenMs);
    else if (rests) {
      rests = false;
      openAnew();
    }
  };
  document.addEventListener('visibilitychange', look);
  look();
}

const backListeners = new Set<() => void>();

/** Calls back each time when the server is heard again after the connection was lost. */
export function onBack(listener: () => void): void {
  backListeners.add(listener);
}

/** Listens to the server for as long as the page lives. */
export function startLive(path = '/api/live'): void {
  let source: EventSource | null = null;
  let heardMs = performance.now();
  let heardAt = now.value;
  let openedBefore = false;

  const heard = () => {
    heardMs = performance.now();
    heardAt = now.value;
    if (stream.value.state !== 'live') stream.value = { state: 'live' };
  };
  const tell = (topics: LiveTopic[]) => {
    for (const listener of listeners) listener(topics);
  };
  const open = () => {
    source?.close();
    const opened = new EventSource(path);
    source = opened;
    opened.addEventListener('open', () => {
      heard();
      // Whatever changed while nobody listened is not told again.
      if (openedBefore) {
        tell(allTopics);
        for (const listener of backListeners) listener();
      }
      openedBefore = true;
    });
    opened.addEventListener('alive', heard);
    opened.addEventListener('changed', event => {
      heard();
      tell((JSON.parse(event.data) as LiveChange).topics);
    });
    opened.addEventListener('reading', event => {
      heard();
      const reading = JSON.parse(event.data) as Reading;
      for (const reader of readers) reader(reading);
    });
    opened.addEventListener('error', () => {
      // The browser reconnects by itself after a broken stream, but never after a refused one.
      if (opened.readyState === EventSource.CLOSED)
        setTimeout(() => source === opened && open(), reconnectMs);
    });
  };

  openAnew = open;
  close = () => {
    source?.close();
    source = null;
  };
  open();
  setInterval(() => {
    const silentMs = performance.now() - heardMs;
    if (silentMs > silenceMs && stream.value.state !== 'stale')
      stream.value = { state: 'stale', since: heardAt };
    // A half-dead connection gives neither data nor an error, and one to a dead address may take minutes to fail.
    if (silentMs > silenceMs * 3 && source !== null) {
      heardMs = performance.now();
      open();
    }
  }, 1000);
}
