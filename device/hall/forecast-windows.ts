import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { type Waiting, weightAt } from '../core/calling.ts';
import { bothOff, goingOn, offTimes } from '../core/forecast/openings.ts';
import type { WindowNow } from '../core/forecast/replay.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { TodayHours } from './opening-hours.ts';
import type { OpenWindow, Windows } from './windows.ts';

/** A break whose length nobody said. */
const unsaidBreakSeconds = 15 * 60;

/** A window of the forecast, with the end of its hours when they are known. */
export interface ForecastWindow extends WindowNow {
  closesSeconds?: number;
}

/** Windows as the forecast sees them: who is there, with whom they are busy, what they take, their breaks. */
export function readForecastWindows(parts: {
  db: DatabaseSync;
  windows: Windows;
  clock: Clock;
  hours: TodayHours;
  /** All of the branch, for when none was opened yet. */
  windowNames: readonly string[];
  categoryOf: (serviceId: string) => string | null;
}): () => ForecastWindow[] {
  const { db, windows, clock, hours, categoryOf } = parts;
  const atWindows = db.prepare(`select * from tickets where state in ('called', 'serving')`);

  function breakOf({ state, since, pause_minutes: minutes }: OpenWindow, nowMs: number) {
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
    const names = manned.length > 0 ? manned.map(({ window }) => window) : parts.windowNames;
    const planned = plansOf(names, nowMs / 1000);
    if (manned.length === 0) return names.map((_, index) => ({ clerk: '', ...planned(index) }));
    return manned.map((window, index) => {
      const [visit, serves, plan] = [busy.get(window.window), servesOf(window), planned(index)];
      return {
        clerk: window.clerk,
        ...plan,
        off: bothOff(breakOf(window, nowMs), plan.off),
        ...(visit && { busy: visit }),
        ...(serves && { serves }),
      };
    });
  };

  /** What is planned for each of these windows from now on. */
  function plansOf(names: readonly string[], nowSeconds: number) {
    const openings = names.map(name => hours.of(name));
    const ends = openings.map(each => each?.at(-1)?.toSeconds ?? Number.POSITIVE_INFINITY);
    const dayEnds = Math.max(...ends);
    return (index: number): { off: NonNullable<WindowNow['off']>; closesSeconds?: number } => {
      const its = openings[index];
      if (!its) return { off: [] };
      const off = offTimes(goingOn(its, dayEnds), nowSeconds) ?? [];
      // Who sits there now calls, whatever was planned.
      const later = off.filter(({ fromSeconds }) => fromSeconds > 0);
      return { off: later, closesSeconds: (ends[index] ?? 0) - nowSeconds };
    };
  }
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
