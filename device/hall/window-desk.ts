import type { Static } from 'typebox';
import type { Me } from '../../protocol/api/people.ts';
import type { AddService, Choice, Comment, Hold, Transfer } from '../../protocol/api/queue.ts';
import type { TicketState } from '../../protocol/api/tickets.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { chooseNext, weightAt } from '../core/calling.ts';
import { mayBecome } from '../core/ticket-rules.ts';
import { followingOf, type TicketRow } from '../journal/projections/tickets.ts';
import type { DayClose } from './day-close.ts';
import type { HallContext } from './hall-context.ts';
import type { WindowSession } from './window-session.ts';

/**
 * What a clerk does with the people of the hall. Refusals: `queue.*`, `access.forbidden`. With the id of a
 * request, the same request again does nothing more.
 */
export interface WindowDesk {
  callNext(me: Me): Promise<void>;
  /** Calls somebody out of turn, with a reason; somebody whom this window put aside, without one. */
  choose(me: Me, choice: Static<typeof Choice>): Promise<void>;
  recall(me: Me, ticketId: string, requestId?: string): Promise<void>;
  came(me: Me, ticketId: string): Promise<void>;
  noShow(me: Me, ticketId: string): Promise<void>;
  /** The service is done: the ticket's next one begins here or in line, or the visit is over. */
  finish(me: Me, ticketId: string, requestId?: string): Promise<void>;
  hold(me: Me, ticketId: string, wish: Static<typeof Hold>): Promise<void>;
  /** Who is aside, or missed the call a short while ago, waits again at the old place. */
  back(me: Me, ticketId: string): Promise<void>;
  transfer(me: Me, ticketId: string, wish: Static<typeof Transfer>): Promise<void>;
  addService(me: Me, ticketId: string, wish: Static<typeof AddService>): Promise<void>;
  comment(me: Me, ticketId: string, wish: Static<typeof Comment>): Promise<void>;
}

export function createWindowDesk(
  context: HallContext,
  { days, session }: { days: DayClose; session: WindowSession },
): WindowDesk {
  const { journal, clock, config, register, rules, open, windows, words, requests } = context;
  const { find, people, categoryOf, today } = context;
  const { windowOf, ticketAt, opening, afterPerson } = session;
  const end = ['done', 'no-show', 'abandoned', 'cancelled'];

  /** A ticket at this clerk's window that may go on to a state. */
  function need(me: Me, ticketId: string, to: TicketState): TicketRow & { window: string } {
    const row = find(ticketId);
    if (!mayBecome(row.state, to) || row.window === null || row.window !== me.window)
      throw new AppError('queue.wrong-state', { number: row.number });
    return { ...row, window: row.window };
  }

  function freeWindow(me: Me): string {
    const window = windowOf(me);
    const busy = ticketAt(window);
    if (busy) throw new AppError('queue.window-busy', { number: busy.number });
    return window;
  }

  const call = (me: Me, window: string, ticketId: string, why: { rule: string; reason?: string }) =>
    journal.commit([
      ...opening(me),
      { type: 'ticket.called', subject: ticketId, body: { window, clerk: me.login, call: 1, ...why } },
    ]);

  const next = (me: Me, window: string) =>
    chooseNext({
      ...{ line: people(), nowMs: open.nowMs(), rules },
      window: windows.calling(window, me.login),
    });

  /** Where a ticket goes after this service. */
  function following(me: Me, row: TicketRow & { window: string }): NewFact {
    const body = { window: row.window, clerk: me.login };
    const [service] = followingOf(row);
    if (!service) return { type: 'ticket.done', subject: row.id, body };
    const isElsewhere = service.window !== null && service.window !== row.window;
    const person = {
      ...{ ticketId: row.id, place: row.place, sinceMs: 0, transferred: false, forWindow: null },
      ...{ purpose: row.purpose, privilege: row.privilege },
      ...{ serviceId: service.serviceId, categoryId: categoryOf(service.serviceId) },
    };
    const isServedHere = weightAt(windows.calling(row.window, me.login), person) > 0;
    const where = isServedHere && !isElsewhere ? 'here' : 'line';
    return { type: 'ticket.next-service', subject: row.id, body: { ...body, where } };
  }

  return {
    async callNext(me) {
      await days.closeEarlier();
      const window = freeWindow(me);
      const chosen = next(me, window);
      if (!chosen) throw new AppError('queue.nobody-waiting');
      await call(me, window, chosen.ticketId, { rule: 'due' });
    },
    async choose(me, { ticketId, reason }) {
      const window = freeWindow(me);
      const row = find(ticketId);
      if (!mayBecome(row.state, 'called') || row.state === 'called')
        throw new AppError('queue.wrong-state', { number: row.number });
      if (row.state !== 'waiting' && row.window === window)
        return void (await call(me, window, ticketId, { rule: 'back' }));
      if (next(me, window)?.ticketId === ticketId)
        return void (await call(me, window, ticketId, { rule: 'due' }));
      if (!rules.reasons.some(({ id }) => id === reason)) throw new AppError('queue.unknown-reason');
      await call(me, window, ticketId, { rule: 'chosen', ...(reason !== undefined && { reason }) });
    },
    async recall(me, ticketId, requestId) {
      if (requests.isDone(requestId)) return;
      const { window, calls, number, state } = need(me, ticketId, 'called');
      // Who was put aside meanwhile is called anew, not again.
      if (state !== 'called') throw new AppError('queue.wrong-state', { number });
      if (calls >= rules.maxCalls) throw new AppError('queue.no-more-calls', { number, calls });
      await journal.commit(
        [{ type: 'ticket.called', subject: ticketId, body: { window, clerk: me.login, call: calls + 1 } }],
        () => requests.keep(requestId, today()),
      );
    },
    async came(me, ticketId) {
      const { window } = need(me, ticketId, 'serving');
      await journal.commit([
        { type: 'ticket.serving', subject: ticketId, body: { window, clerk: me.login } },
      ]);
    },
    async noShow(me, ticketId) {
      const row = need(me, ticketId, 'no-show');
      const body = { window: row.window, clerk: me.login };
      await journal.commit([{ type: 'ticket.no-show', subject: ticketId, body }, ...afterPerson(row)]);
    },
    async finish(me, ticketId, requestId) {
      // The ticket's next service may have begun here, which nobody finished yet.
      if (requests.isDone(requestId)) return;
      const row = need(me, ticketId, 'done');
      const fact = following(me, row);
      const stays = fact.type === 'ticket.next-service' && fact.body.where === 'here';
      await journal.commit([fact, ...(stays ? [] : afterPerson(row))], () =>
        requests.keep(requestId, today()),
      );
    },
    async hold(me, ticketId, { why, minutes }) {
      const row = need(me, ticketId, why === 'papers' ? 'waiting-for-papers' : 'held');
      const body = { window: row.window, clerk: me.login, why, minutes };
      await journal.commit([{ type: 'ticket.held', subject: ticketId, body }, ...afterPerson(row)]);
    },
    async back(me, ticketId) {
      const row = find(ticketId);
      const isAside = row.state === 'held' || row.state === 'waiting-for-papers';
      if (!isAside) context.needMayReturn(row);
      await journal.commit([
        { type: 'ticket.returned', subject: ticketId, body: { by: 'clerk', clerk: me.login } },
      ]);
    },
    async transfer(me, ticketId, wish) {
      const row = need(me, ticketId, 'waiting');
      // Who missed the call may wait again too, but not by this way.
      if (row.state !== 'called' && row.state !== 'serving')
        throw new AppError('queue.wrong-state', { number: row.number });
      const serviceId = wish.serviceId ?? row.service_id;
      register.getService(serviceId);
      const toWindow = wish.window ?? null;
      if (toWindow !== null && !config.branch.windows.includes(toWindow))
        throw new AppError('queue.unknown-window', { window: toWindow });
      const body = { window: row.window, clerk: me.login, serviceId, toWindow, comesBack: wish.comesBack };
      await journal.commit([{ type: 'ticket.transferred', subject: ticketId, body }, ...afterPerson(row)]);
    },
    async addService(me, ticketId, { requestId, serviceId }) {
      if (requests.isDone(requestId)) return;
      const row = find(ticketId);
      if (end.includes(row.state) || followingOf(row).length >= 9)
        throw new AppError('queue.wrong-state', { number: row.number });
      register.getService(serviceId);
      await journal.commit(
        [{ type: 'ticket.service-added', subject: ticketId, body: { serviceId, clerk: me.login } }],
        () => requests.keep(requestId, today()),
      );
    },
    async comment(me, ticketId, { requestId: id, words: said }) {
      if (requests.isDone(id)) return;
      find(ticketId);
      const now = clock.now();
      const comment = { kind: 'comment', subject: ticketId, day: today(), by: me.name } as const;
      await journal.commit(
        [{ type: 'ticket.commented', subject: ticketId, body: { clerk: me.login } }],
        () => {
          words.keep({ ...comment, id, at: now.toISOString(), words: said });
          requests.keep(id, today());
        },
      );
    },
  };
}
