import { signal } from '@preact/signals';
import type { BoardView } from '../../protocol/api.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
import { resource } from '../shared/resource.ts';
import { chime } from './chime.ts';

const freshMs = 12_000;

export type Call = BoardView['called'][number];

/** Calls that people may not have seen yet; they are shown brighter. */
export const fresh = signal<ReadonlySet<string>>(new Set());

let known: Set<string> | null = null;

/** A repeated call is a call of its own: the number, the window and the time together. */
export function callKey(call: Call): string {
  return `${call.number} ${call.window} ${call.calledAt}`;
}

export const board = resource<BoardView>(
  () => '/api/board',
  ['board', 'queue'],
  view => {
    timeZone.value = view.timeZone;
    agreeClock(view.now);
    announce(view.called);
  },
);

function announce(called: Call[]): void {
  const keys = called.map(callKey);
  const before = known;
  known = new Set(keys);
  // The first look at the board is no news.
  if (before === null) return;
  const news = keys.filter(key => !before.has(key));
  if (news.length === 0) return;
  chime();
  fresh.value = new Set([...fresh.value, ...news]);
  setTimeout(() => {
    fresh.value = new Set([...fresh.value].filter(key => !news.includes(key)));
  }, freshMs);
}
