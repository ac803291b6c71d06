/** A longer pause between two tickets is a clock that was set (F07): nobody waits longer than a day. */
const believedMs = 24 * 60 * 60_000;

/** A moment by the wall clock, and by the hall's own reckoning, which never goes back. */
export interface Reckoned {
  atMs: number;
  hallMs: number;
}

const believed = (durationMs: number) => Math.min(Math.max(durationMs, 0), believedMs);

/**
 * The hall's time of something that came after something else. A clock that is set back stands still here,
 * and one that jumps ahead takes nobody's place: who came later never seems to have come earlier (F06–F08).
 */
export function reckon(before: Reckoned | undefined, atMs: number): Reckoned {
  return { atMs, hallMs: before ? before.hallMs + believed(atMs - before.atMs) : atMs };
}

/** The hall's time of something that is told late, between others that came meanwhile. */
export function reckonLate(newest: Reckoned | undefined, atMs: number): number {
  return newest ? newest.hallMs - believed(newest.atMs - atMs) : atMs;
}
