import type { DatabaseSync } from 'node:sqlite';
import type { Static } from 'typebox';
import type { AdministratorCall, HallView, Rating } from '../../protocol/api/hall.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { AppError } from '../../protocol/app-error.ts';
import { mayBecome } from '../core/ticket-rules.ts';
import type { HallContext } from './hall-context.ts';
import type { WindowSession } from './window-session.ts';

/** What people do by themselves, at the kiosk or with the phone, besides taking a ticket. */
export interface VisitorDesk {
  hall(): HallView;
  /** Throws `queue.wrong-state` when it is too late. */
  cancel(ticketId: string): Promise<TicketView>;
  /** After a missed call, back to the old place. Throws `queue.too-late-to-return`. */
  comeBack(ticketId: string): Promise<TicketView>;
  /** KEM-16. The same request counts once; a ticket is rated once (`queue.rated-already`). */
  rate(rating: Rating): Promise<void>;
  callAdministrator(call: Static<typeof AdministratorCall>): Promise<void>;
}

export function createVisitorDesk(
  context: HallContext,
  { session }: { session: WindowSession },
): VisitorDesk {
  const { db, journal, clock, rules, offers, views, find, today } = context;
  const rated = prepareRated(db);
  const calledAdministrator = db.prepare('select 1 from administrator_calls where id = ?');
  return {
    hall: () => ({
      open: offers.isOpen(today()),
      purposes: ['submit', 'consult', 'result'],
      privileges: rules.privileges.filter(({ atKiosk }) => atKiosk).map(({ id, title }) => ({ id, title })),
      closed: offers.closedServices(today()),
      ratingAspects: rules.ratingAspects,
      announcements: offers.announcements(clock.now()),
    }),
    async cancel(ticketId) {
      const row = find(ticketId);
      if (row.state !== 'cancelled') {
        if (!mayBecome(row.state, 'cancelled'))
          throw new AppError('queue.wrong-state', { number: row.number });
        await journal.commit([
          { type: 'ticket.cancelled', subject: ticketId, body: { by: 'person' } },
          ...session.afterPerson(row),
        ]);
      }
      return views.view(find(ticketId));
    },
    async comeBack(ticketId) {
      const row = find(ticketId);
      // Pressing twice is no mistake.
      if (row.state !== 'waiting') {
        context.needMayReturn(row);
        await journal.commit([{ type: 'ticket.returned', subject: ticketId, body: { by: 'person' } }]);
      }
      return views.view(find(ticketId));
    },
    async rate({ requestId, ticketId, marks }) {
      if (ticketId !== undefined) find(ticketId);
      const subject = ticketId ?? requestId;
      const before = rated(requestId, subject);
      if (before === requestId) return;
      if (before !== undefined) throw new AppError('queue.rated-already');
      const known = new Set(rules.ratingAspects.map(({ id }) => id));
      if (marks.some(({ aspect }) => !known.delete(aspect)))
        throw new AppError('internal.bad-request', { what: 'aspect' });
      await journal.commit([{ type: 'visit.rated', subject, body: { requestId, marks } }]);
    },
    async callAdministrator({ requestId, place }) {
      if (calledAdministrator.get(requestId)) return;
      await journal.commit([{ type: 'hall.administrator-called', subject: requestId, body: { place } }]);
    },
  };
}

/** The request that rated something before, or this same request. */
function prepareRated(db: DatabaseSync) {
  const select = db.prepare(
    'select request_id from ratings where request_id = ?1 or subject = ?2 order by request_id <> ?1 limit 1',
  );
  return (requestId: string, subject: string) =>
    (select.get(requestId, subject) as { request_id: string } | undefined)?.request_id;
}
