import type { BoardView } from '../../protocol/api/branch.ts';
import type { BoardOptions } from './options.ts';

export type Call = BoardView['called'][number];

/** A repeated call is a call of its own: the number, the window and the time together. */
export function callKey(call: Call): string {
  return `${call.number} ${call.window} ${call.calledAt}`;
}

/** What of the hall belongs to this board. An unknown zone shows everything: better too much than nothing. */
export function ofBoard(
  view: Pick<BoardView, 'called' | 'waiting' | 'zones'>,
  options: Pick<BoardOptions, 'zone' | 'window'>,
): Pick<BoardView, 'called' | 'waiting'> {
  const windows = options.window
    ? [options.window]
    : view.zones.find(({ id }) => id === options.zone)?.windows;
  if (!windows) return view;
  return {
    called: view.called.filter(call => windows.includes(call.window)),
    waiting: view.waiting.filter(
      ({ windows: those }) => those === null || those.some(window => windows.includes(window)),
    ),
  };
}

/** A call that waited longer for its turn to be spoken says nothing new any more. */
const tooOldMs = 60_000;
/** With so many calls behind it, a call is spoken in the first language only. */
const hurryFrom = 2;

export interface Announcer {
  /** Puts calls into the line, oldest first. */
  add(calls: readonly Call[]): void;
}

/**
 * Speaks calls one after the other, never two at once. `speak` says one call in these languages and
 * resolves when it is over.
 */
export function createAnnouncer(parts: {
  languages: readonly string[];
  speak: (call: Call, languages: readonly string[]) => Promise<void>;
  nowMs: () => number;
}): Announcer {
  const line: { call: Call; sinceMs: number }[] = [];
  let speaking = false;

  async function speakAll(): Promise<void> {
    speaking = true;
    for (let next = line.shift(); next; next = line.shift()) {
      if (parts.nowMs() - next.sinceMs > tooOldMs) continue;
      const isBusy = line.length >= hurryFrom;
      await parts.speak(next.call, isBusy ? parts.languages.slice(0, 1) : parts.languages);
    }
    speaking = false;
  }

  return {
    add(calls) {
      for (const call of calls) line.push({ call, sinceMs: parts.nowMs() });
      if (!speaking && line.length > 0) void speakAll();
    },
  };
}
