import type { Static } from 'typebox';
import type {
  Announcement,
  MessageToClerks,
  ServiceOffer,
  SkillsWish,
  TicketChange,
} from '../../protocol/api/hall.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { mayBecome } from '../core/ticket-rules.ts';
import type { DayClose } from './day-close.ts';
import type { HallContext } from './hall-context.ts';
import { slipOf } from './slip.ts';
import type { WindowSession } from './window-session.ts';

/** What the hall administrator does. Refusals: `queue.*`, and `printer.*` for a reprint. */
export interface HallDesk {
  change(me: Me, ticketId: string, wish: Static<typeof TicketChange>): Promise<void>;
  cancel(me: Me, ticketId: string, reason: string): Promise<void>;
  /** Prints the ticket again, marked as a reprint. */
  reprint(me: Me, ticketId: string, requestId?: string): Promise<void>;
  /** Whoever missed the call or is aside waits again, also later than the person could have asked for it. */
  giveBack(me: Me, ticketId: string): Promise<void>;
  offer(me: Me, serviceId: string, wish: Static<typeof ServiceOffer>): Promise<void>;
  announce(me: Me, wish: Static<typeof Announcement>): Promise<void>;
  endAnnouncement(me: Me, id: string): Promise<void>;
  tellClerks(me: Me, wish: Static<typeof MessageToClerks>): Promise<void>;
  setSkills(me: Me, clerk: string, wish: Static<typeof SkillsWish>): Promise<void>;
  closeWindow(me: Me, window: string): Promise<void>;
  openDay(me: Me): Promise<void>;
  /** Gives up who still waits, closes windows and gives no more tickets on this day. */
  closeDay(me: Me): Promise<void>;
  came(me: Me, callId: string): Promise<void>;
}

export function createHallDesk(
  context: HallContext,
  { days, session }: { days: DayClose; session: WindowSession },
): HallDesk {
  const { db, journal, clock, config, register, rules, printer, words, requests, windows, views, find } =
    context;
  const { today } = context;
  const announcement = db.prepare('select 1 from announcements where id = ?');
  const administratorCall = db.prepare('select came_at from administrator_calls where id = ?');
  const closed = ['done', 'abandoned', 'cancelled'];

  function needReason(reason: string): void {
    if (!rules.reasons.some(({ id }) => id === reason)) throw new AppError('queue.unknown-reason');
  }
  function needOpen(ticketId: string) {
    const row = find(ticketId);
    if (closed.includes(row.state)) throw new AppError('queue.wrong-state', { number: row.number });
    return row;
  }

  return {
    async change(me, ticketId, { reason, serviceId, purpose, privilege }) {
      needOpen(ticketId);
      needReason(reason);
      if (serviceId !== undefined) register.getService(serviceId);
      if (privilege && !rules.privileges.some(({ id }) => id === privilege))
        throw new AppError('internal.bad-request', { what: 'privilege' });
      await journal.commit([
        {
          type: 'ticket.changed',
          subject: ticketId,
          body: {
            ...{ clerk: me.login, reason },
            ...(serviceId !== undefined && { serviceId }),
            ...(purpose !== undefined && { purpose }),
            ...(privilege !== undefined && { privilege }),
          },
        },
      ]);
    },
    async cancel(me, ticketId, reason) {
      const row = find(ticketId);
      needReason(reason);
      if (!mayBecome(row.state, 'cancelled')) throw new AppError('queue.wrong-state', { number: row.number });
      const body = { by: 'administrator', clerk: me.login, reason };
      await journal.commit([
        { type: 'ticket.cancelled', subject: ticketId, body },
        ...session.afterPerson(row),
      ]);
    },
    async reprint(me, ticketId, requestId) {
      if (requests.isDone(requestId)) return;
      const row = needOpen(ticketId);
      // Written first: a paper in the hall that the journal does not know of would be worse than the reverse.
      await journal.commit(
        [{ type: 'ticket.reprinted', subject: ticketId, body: { clerk: me.login, copy: row.copies + 1 } }],
        () => requests.keep(requestId, today()),
      );
      const ticket = views.view(find(ticketId));
      const outcome = await printer.print(slipOf(ticket, config.branch, true, context.zoneOf(ticket)));
      if (outcome.kind === 'failed') throw new AppError(outcome.code);
      if (find(ticketId).state === 'issued')
        await journal.commit([
          {
            type: 'ticket.waiting',
            subject: ticketId,
            body: { by: outcome.kind === 'printed' ? 'printed' : 'recovery' },
          },
        ]);
    },
    async giveBack(me, ticketId) {
      const row = find(ticketId);
      if (!['no-show', 'held', 'waiting-for-papers'].includes(row.state) || row.day !== today())
        throw new AppError('queue.wrong-state', { number: row.number });
      await journal.commit([
        { type: 'ticket.returned', subject: ticketId, body: { by: 'administrator', clerk: me.login } },
      ]);
    },
    async offer(me, serviceId, { open, perDay, reason }) {
      register.getService(serviceId);
      needReason(reason);
      const body = { open, perDay, reason, by: me.login };
      await journal.commit([{ type: 'service.offered', subject: serviceId, body }]);
    },
    async announce(me, { requestId, announcement: said, minutes }) {
      if (requests.isDone(requestId)) return;
      const until =
        minutes === null ? null : new Date(clock.now().getTime() + minutes * 60_000).toISOString();
      const body = { announcement: said, until, by: me.login };
      await journal.commit([{ type: 'announcement.made', subject: requestId, body }], () =>
        requests.keep(requestId, today()),
      );
    },
    async endAnnouncement(me, id) {
      if (!announcement.get(id)) throw new AppError('queue.unknown-subject');
      await journal.commit([{ type: 'announcement.ended', subject: id, body: { by: me.login } }]);
    },
    async tellClerks(me, { requestId: id, window, words: said }) {
      if (requests.isDone(id)) return;
      const message = { kind: 'message', subject: window ?? '*', day: today(), by: me.name } as const;
      await journal.commit(
        [{ type: 'hall.clerks-told', subject: id, body: { window, by: me.login } }],
        () => {
          words.keep({ ...message, id, at: clock.now().toISOString(), words: said });
          requests.keep(id, today());
        },
      );
    },
    async setSkills(me, clerk, { skills }) {
      if (!config.users.some(({ login }) => login === clerk)) throw new AppError('queue.unknown-subject');
      await journal.commit([{ type: 'clerk.skills-set', subject: clerk, body: { skills, by: me.login } }]);
    },
    async closeWindow(me, window) {
      if (session.ticketAt(window)) {
        const { number = '' } = session.ticketAt(window) ?? {};
        throw new AppError('queue.window-busy', { number });
      }
      if ((windows.find(window)?.state ?? 'closed') === 'closed') return;
      await journal.commit([
        { type: 'window.closed', subject: window, body: { clerk: me.login, by: 'administrator' } },
      ]);
    },
    async openDay(me) {
      const day = today();
      await journal.commit([{ type: 'hall.day-opened', subject: config.box, body: { day, by: me.login } }]);
    },
    async closeDay(me) {
      const day = today();
      const left = days.leftovers();
      const idle = windows.manned().filter(({ window }) => !session.ticketAt(window));
      const busy = windows.manned().filter(({ window }) => session.ticketAt(window));
      const facts: NewFact[] = [
        ...left.map(
          ({ id }) => ({ type: 'ticket.abandoned', subject: id, body: { reason: 'day-closed' } }) as const,
        ),
        ...idle.map(
          ({ window, clerk }) =>
            ({ type: 'window.closed', subject: window, body: { clerk, by: 'day-closed' } }) as const,
        ),
        // Who is at a window is served to the end.
        ...busy.map(
          ({ window, clerk }) => ({ type: 'window.last-client', subject: window, body: { clerk } }) as const,
        ),
        {
          type: 'hall.day-closed',
          subject: config.box,
          body: { day, by: me.login, left: left.length },
        },
      ];
      await journal.commit(facts);
    },
    async came(me, callId) {
      const call = administratorCall.get(callId) as { came_at: string | null } | undefined;
      if (!call) throw new AppError('queue.unknown-subject');
      if (call.came_at === null)
        await journal.commit([{ type: 'hall.administrator-came', subject: callId, body: { by: me.login } }]);
    },
  };
}
