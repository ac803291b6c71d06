import type { WindowNow } from './replay.ts';

/** When a window receives people, in seconds of one scale. */
export interface Opening {
  fromSeconds: number;
  toSeconds: number;
}

/** Whoever shuts last on a day goes on until the line is empty. */
export function goingOn(openings: readonly Opening[], dayEndsSeconds: number): readonly Opening[] {
  const last = openings.at(-1);
  if (!last || last.toSeconds < dayEndsSeconds) return openings;
  return [...openings.slice(0, -1), { ...last, toSeconds: Number.POSITIVE_INFINITY }];
}

/** Breaks, closing and opening of a window from a moment on; undefined when its day is over. */
export function offTimes(
  openings: readonly Opening[],
  atSeconds: number,
): NonNullable<WindowNow['off']> | undefined {
  const off: Opening[] = [];
  let shut = 0;
  for (const { fromSeconds, toSeconds } of openings) {
    if (toSeconds <= atSeconds) continue;
    if (fromSeconds - atSeconds > shut) off.push({ fromSeconds: shut, toSeconds: fromSeconds - atSeconds });
    shut = toSeconds - atSeconds;
  }
  if (shut === 0) return undefined;
  if (shut < Number.POSITIVE_INFINITY) off.push({ fromSeconds: shut, toSeconds: Number.POSITIVE_INFINITY });
  return off;
}

/** Times off of two plans in one, ascending and apart from each other. */
export function bothOff(
  some: NonNullable<WindowNow['off']>,
  others: NonNullable<WindowNow['off']>,
): NonNullable<WindowNow['off']> {
  const joined: Opening[] = [];
  for (const each of [...some, ...others].sort((a, b) => a.fromSeconds - b.fromSeconds)) {
    const last = joined.at(-1);
    if (last && each.fromSeconds <= last.toSeconds) last.toSeconds = Math.max(last.toSeconds, each.toSeconds);
    else joined.push({ ...each });
  }
  return joined;
}
