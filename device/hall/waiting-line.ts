import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import type { Wait } from '../../protocol/api.ts';
import { type Replay, replayVisits, startReplay, waitOf } from '../core/forecast.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { OpenTickets } from './open-tickets.ts';

/** A window that called nobody for so long is not counted in the forecast. */
const windowIdleAfterMs = 60 * 60_000;
/** A replay of the hall serves the numbers given after it for so long. */
const replayKeptMs = 5_000;

export interface WaitingLine {
  /** How many are called before a ticket, and how long that takes; without one, before a new number. */
  before(ticketId?: string): { waiting: number; wait: Wait };
}

interface Kept {
  untilMs: number;
  disorder: number;
  /** The replay holds so many from the head of the line. */
  waiting: number;
  replay: Replay;
}

/**
 * Who waits, for the forecast. Every new number asks, and the answer must not cost more at the end of a
 * day than at its beginning: the last replay is carried on by those who came since, as long as nobody
 * left the line before them.
 */
export function createWaitingLine(parts: {
  db: DatabaseSync;
  open: OpenTickets;
  clock: Clock;
  /** Windows of the branch, for when none has called anybody yet. */
  windows: number;
  /** Usual minutes at the window for a service. */
  minutesFor: (serviceId: string) => number;
}): WaitingLine {
  const { db, open, clock, minutesFor } = parts;
  const active = db.prepare(
    'select window, state, service_id, serving_since, called_at, issued_at from tickets where called_at > ? order by called_seq',
  );
  let kept: Kept | undefined;

  function openWindows(): number[] {
    const now = clock.now().getTime();
    const since = new Date(now - windowIdleAfterMs).toISOString();
    const windows = new Map<string, number>();
    for (const row of active.all(since) as unknown as TicketRow[]) {
      const busy = row.state === 'called' || row.state === 'serving';
      const begun = Date.parse(row.serving_since ?? row.called_at ?? row.issued_at);
      const elapsed = Math.max(0, (now - begun) / 60_000);
      windows.set(row.window ?? '', busy ? Math.max(1, minutesFor(row.service_id) - elapsed) : 0);
    }
    return windows.size > 0 ? [...windows.values()] : Array.from({ length: parts.windows }, () => 0);
  }

  /** The hall before anybody is called, or a replay that still holds for the first `ahead` of the line. */
  function start(ahead: number): Kept {
    const nowMs = clock.monotonicMs();
    const disorder = open.disorder();
    if (kept && nowMs < kept.untilMs && kept.disorder === disorder && kept.waiting <= ahead) return kept;
    return { untilMs: nowMs + replayKeptMs, disorder, waiting: 0, replay: startReplay(openWindows()) };
  }

  return {
    before(ticketId) {
      const line = open.waiting();
      const waiting = open.ahead(ticketId);
      const from = start(waiting);
      const more = line.slice(from.waiting, waiting).map(({ row }) => minutesFor(row.service_id));
      kept = { ...from, waiting, replay: replayVisits(from.replay, more) };
      return { waiting, wait: waitOf(kept.replay) };
    },
  };
}
