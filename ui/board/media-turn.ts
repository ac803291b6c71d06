import type { MediaView } from '../../protocol/api/screens.ts';

/** A file that cannot be shown is tried again after so long: it may have been on its way into the folder. */
const brokenForMs = 5 * 60_000;

/** What a board shows besides calls. */
export interface MediaTurn {
  /** The file on the screen; null while there is none that can be shown. */
  shown: MediaView | null;
  /** Grows with each turn, so that a single film begins anew. */
  turn: number;
  /** Until when a file counts as broken, by its address. */
  broken: ReadonlyMap<string, number>;
}

export const nothingShown: MediaTurn = { shown: null, turn: 0, broken: new Map() };

/** The next file in the order of the folder, after the one that is shown; files that are broken are skipped. */
export function nextTurn(before: MediaTurn, media: readonly MediaView[], nowMs: number): MediaTurn {
  const at = media.findIndex(({ url }) => url === before.shown?.url);
  const inTurn = [...media.slice(at + 1), ...media.slice(0, at + 1)];
  const shown = inTurn.find(({ url }) => (before.broken.get(url) ?? 0) <= nowMs) ?? null;
  return { ...before, shown, turn: before.turn + 1 };
}

/** The file on the screen cannot be shown: it is left out for a while, and the next one comes at once. */
export function skipBroken(before: MediaTurn, media: readonly MediaView[], nowMs: number): MediaTurn {
  if (!before.shown) return before;
  const broken = new Map(before.broken).set(before.shown.url, nowMs + brokenForMs);
  return nextTurn({ ...before, broken }, media, nowMs);
}
