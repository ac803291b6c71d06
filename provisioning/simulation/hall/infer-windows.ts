import type { Opening, Person, PlannedWindow } from './people.ts';
import { joined } from './read-windows.ts';

/** Staff is planned by the hour. */
const slotSeconds = 3600;
/** Half of the work of an hour comes from people of the hours beside it: lines carry over. */
const neighbours = 0.25;

/**
 * Windows that a log does not name: in each hour of each day as many as keep them busy to this share of their time,
 * by the work that people bring in and around the hour. At least one while people come.
 */
export function inferWindows(people: readonly Person[], load: number): PlannedWindow[] {
  const work = new Map<number, number>();
  for (const { atSeconds, visitSeconds, isAbsent } of people) {
    if (isAbsent) continue;
    const slot = Math.floor(atSeconds / slotSeconds);
    work.set(slot, (work.get(slot) ?? 0) + visitSeconds);
  }
  const openings: Opening[][] = [];
  for (const [slot, seconds] of [...work].sort(([a], [b]) => a - b)) {
    // At the edges of a day there is only one side, or none.
    const beside = [work.get(slot - 1), work.get(slot + 1)].filter(each => each !== undefined);
    const own = 1 - neighbours * beside.length;
    const smooth = own * seconds + neighbours * beside.reduce((sum, each) => sum + each, 0);
    const count = Math.max(1, Math.round(smooth / slotSeconds / load));
    for (let window = 0; window < count; window++) {
      openings[window] ??= [];
      openings[window]?.push({ fromSeconds: slot * slotSeconds, toSeconds: (slot + 1) * slotSeconds });
    }
  }
  return openings.map((all, index) => ({ name: String(index + 1), pace: 1, openings: joined(all) }));
}
