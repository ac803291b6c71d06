import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { type Waiting, weightAt } from '../core/calling.ts';
import type { WindowNow } from '../core/forecast/replay.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { OpenWindow, Windows } from './windows.ts';

/** A break whose length nobody said. */
const unsaidBreakSeconds = 15 * 60;

/** Windows as the forecast sees them: who is there, with whom they are busy, what they take, their breaks. */
export function readForecastWindows(parts: {
  db: DatabaseSync;
  windows: Windows;
  clock: Clock;
  windowCount: number;
  categoryOf: (serviceId: string) => string | null;
}): () => WindowNow[] {
  const { db, windows, clock, windowCount, categoryOf } = parts;
  const atWindows = db.prepare(`select * from tickets where state in ('called', 'serving')`);

  function breakOf({ state, since, pause_minutes: minutes }: OpenWindow, nowMs: number): WindowNow['off'] {
    if (state !== 'paused') return [];
    // A break that takes longer than was said may end at any moment.
    const said = minutes === null ? unsaidBreakSeconds : minutes * 60;
    const passed = Math.max(0, (nowMs - Date.parse(since)) / 1000);
    return [{ fromSeconds: 0, toSeconds: Math.max(60, said - passed) }];
  }

  function servesOf({ window, skills }: OpenWindow): WindowNow['serves'] {
    if (skills === null) return undefined;
    return serviceId => {
      const person = { ...somebody, serviceId, categoryId: categoryOf(serviceId) };
      return weightAt({ window, skills }, person) > 0;
    };
  }

  return () => {
    const nowMs = clock.now().getTime();
    const busy = new Map<string, NonNullable<WindowNow['busy']>>();
    for (const row of atWindows.all() as unknown as TicketRow[]) {
      const begunMs = Date.parse(row.serving_since ?? row.called_at ?? row.issued_at);
      const elapsedSeconds = Math.max(0, (nowMs - begunMs) / 1000);
      busy.set(row.window ?? '', { service: row.service_id, elapsedSeconds });
    }
    // A window that serves its last person calls nobody else.
    const manned = windows.manned().filter(({ state }) => state !== 'last-client');
    if (manned.length === 0) return Array.from({ length: windowCount }, () => ({ clerk: '' }));
    return manned.map(window => {
      const [visit, serves] = [busy.get(window.window), servesOf(window)];
      return {
        clerk: window.clerk,
        off: breakOf(window, nowMs) ?? [],
        ...(visit && { busy: visit }),
        ...(serves && { serves }),
      };
    });
  };
}

/** Somebody with an ordinary wish; only the service matters. */
const somebody: Omit<Waiting, 'serviceId' | 'categoryId'> = {
  ticketId: '',
  place: 0,
  sinceMs: 0,
  purpose: 'submit',
  privilege: null,
  transferred: false,
  forWindow: null,
};
