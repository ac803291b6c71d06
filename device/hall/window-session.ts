import type { Static } from 'typebox';
import type { Me } from '../../protocol/api/people.ts';
import type { Pause } from '../../protocol/api/queue.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { NewFact } from '../../protocol/facts.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { HallContext } from './hall-context.ts';

export interface WindowSession {
  /** The window of a clerk. Throws `access.forbidden` when there is none. */
  windowOf(me: Me): string;
  ticketAt(window: string): TicketRow | undefined;
  /** What makes the window one that calls: nothing when it is, since calling opens it by itself. */
  opening(me: Me): NewFact[];
  /** What follows for a window when this person leaves it; nothing when the person is at none. */
  afterPerson(row: Pick<TicketRow, 'id' | 'window'>): NewFact[];
  open(me: Me): Promise<void>;
  pause(me: Me, wish: Static<typeof Pause>): Promise<void>;
  /** Whoever is there now is the last one. */
  lastClient(me: Me): Promise<void>;
  /** Throws `queue.window-busy` while somebody is there. */
  close(me: Me): Promise<void>;
}

/** A clerk's time at a window: opened, paused, closed. */
export function createWindowSession({ db, journal, rules, windows }: HallContext): WindowSession {
  const atWindow = db.prepare(`select * from tickets where window = ? and state in ('called', 'serving')`);
  const ticketAt = (window: string) => atWindow.get(window) as TicketRow | undefined;

  function windowOf(me: Me): string {
    if (me.window === null) throw new AppError('access.forbidden');
    return me.window;
  }

  function opening(me: Me): NewFact[] {
    const subject = windowOf(me);
    const row = windows.find(subject);
    const isOwn = row?.clerk === me.login;
    if (isOwn && row.state === 'open') return [];
    const type = isOwn && row.state === 'paused' ? 'window.resumed' : 'window.opened';
    return [{ type, subject, body: { clerk: me.login } }];
  }

  return {
    windowOf,
    ticketAt,
    opening,
    afterPerson({ id, window }) {
      const row = window === null ? undefined : windows.find(window);
      if (row?.state !== 'last-client' || ticketAt(row.window)?.id !== id) return [];
      const body = { clerk: row.clerk, by: 'last-client' };
      return [{ type: 'window.closed', subject: row.window, body }];
    },
    async open(me) {
      await journal.commit(opening(me));
    },
    async pause(me, { reason, minutes }) {
      if (!rules.pauseReasons.some(({ id }) => id === reason)) throw new AppError('queue.unknown-reason');
      const body = { clerk: me.login, reason, minutes };
      await journal.commit([{ type: 'window.paused', subject: windowOf(me), body }]);
    },
    async lastClient(me) {
      const subject = windowOf(me);
      const body = { clerk: me.login };
      await journal.commit([
        ticketAt(subject)
          ? { type: 'window.last-client', subject, body }
          : { type: 'window.closed', subject, body: { ...body, by: 'last-client' } },
      ]);
    },
    async close(me) {
      const subject = windowOf(me);
      const busy = ticketAt(subject);
      if (busy) throw new AppError('queue.window-busy', { number: busy.number });
      if (windows.find(subject)?.state === 'closed') return;
      await journal.commit([{ type: 'window.closed', subject, body: { clerk: me.login, by: 'clerk' } }]);
    },
  };
}
