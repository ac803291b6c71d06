import type { Wait } from './api/wait.ts';

/** From two hours on a wait is told in whole hours, never in a narrower range than it has; null for less. */
export function waitInHours({ fromMinutes, toMinutes }: Wait): { from: number; to: number } | null {
  if (fromMinutes < 120) return null;
  return { from: Math.floor(fromMinutes / 60), to: Math.ceil(toMinutes / 60) };
}
