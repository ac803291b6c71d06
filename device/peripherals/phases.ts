import type { DevicePhase } from '../../protocol/api/technician.ts';
import type { ErrorCode } from '../../protocol/errors.ts';

/** Looks in a row in which a device is absent before it counts as lost (F27). */
export const missesUntilLost = 3;
/** Openings in a row that fail before a device that worked counts as faulted. */
const failuresUntilFaulted = 3;

export interface Phase {
  phase: DevicePhase;
  code: ErrorCode | null;
  misses: number;
  failures: number;
}

export type PhaseEvent =
  | { kind: 'seen' }
  | { kind: 'missed' }
  | { kind: 'no-role' }
  | { kind: 'opening' }
  | { kind: 'opened' }
  | { kind: 'refused'; code: ErrorCode }
  | { kind: 'line-gone' }
  | { kind: 'trouble'; code: ErrorCode | null };

export const discovered: Phase = { phase: 'discovered', code: null, misses: 0, failures: 0 };

/** What a device is after something happened to it. */
export function nextPhase(now: Phase, event: PhaseEvent): Phase {
  switch (event.kind) {
    case 'seen':
      return now.phase === 'lost' ? discovered : { ...now, misses: 0 };
    case 'missed': {
      const misses = now.misses + 1;
      return misses < missesUntilLost
        ? { ...now, misses }
        : { ...now, misses, phase: 'lost', code: 'device.lost' };
    }
    case 'no-role':
      return { ...discovered, misses: now.misses };
    case 'opening':
      // A device that failed before is told as failing until it works.
      return now.phase === 'faulted' ? now : { ...now, phase: 'opening', code: null };
    case 'opened':
      return { ...now, phase: 'ready', code: null, failures: 0 };
    case 'refused': {
      const failures = now.failures + 1;
      // Who holds it cannot be seen from a flap, and somebody should go and look.
      const isTold = event.code === 'device.held' || failures >= failuresUntilFaulted;
      return { ...now, failures, ...(isTold && { phase: 'faulted' as const, code: event.code }) };
    }
    case 'line-gone':
      return now.phase === 'lost' ? now : { ...now, phase: 'opening', code: null };
    case 'trouble':
      return now.phase === 'ready' ? { ...now, code: event.code } : now;
  }
}
