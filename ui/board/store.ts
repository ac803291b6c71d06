import { signal } from '@preact/signals';
import type { BoardView } from '../../protocol/api/branch.ts';
import type { ScreensView } from '../../protocol/api/screens.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
import { heldValue, resource } from '../shared/resource.ts';
import { playFromBox } from '../shared/speech.ts';
import { type Call, callKey, createAnnouncer, ofBoard } from './calls.ts';
import { chime } from './chime.ts';
import { readOptions } from './options.ts';

const freshMs = 12_000;

export const options = readOptions(location.search);

/** Calls that people may not have seen yet; they are shown brighter, at least until they were spoken. */
export const fresh = signal<ReadonlySet<string>>(new Set());

let known: Set<string> | null = null;

export const screens = resource<ScreensView>(() => '/api/screens', []);

const announcer = createAnnouncer({
  languages: options.languages,
  nowMs: () => performance.now(),
  async speak(call, languages) {
    await chime();
    if (heldValue(screens)?.voice)
      for (const language of languages) await playFromBox(`call.${call.number}`, language);
    // Looked at for a while after the last word.
    setTimeout(() => wear([callKey(call)]), freshMs);
  },
});

export const board = resource<BoardView>(
  () => '/api/board',
  ['board', 'queue', 'hall'],
  view => {
    timeZone.value = view.timeZone;
    agreeClock(view.now);
    announce(ofBoard(view, options).called);
  },
);

function announce(called: Call[]): void {
  const before = known;
  known = new Set(called.map(callKey));
  // The first look at the board is no news.
  if (before === null) return;
  const news = called.filter(call => !before.has(callKey(call))).reverse();
  if (news.length === 0) return;
  fresh.value = new Set([...fresh.value, ...news.map(callKey)]);
  if (options.sounds) announcer.add(news);
  else setTimeout(() => wear(news.map(callKey)), freshMs);
  // A call whose turn to be spoken never comes must not shine for ever.
  setTimeout(() => wear(news.map(callKey)), freshMs * 6);
}

function wear(keys: string[]): void {
  fresh.value = new Set([...fresh.value].filter(key => !keys.includes(key)));
}
