import type { BoardView } from '../../protocol/api/branch.ts';
import type { HallLive } from '../../protocol/api/hall.ts';
import type { OutlookView } from '../../protocol/api/outlook.ts';
import type { Me } from '../../protocol/api/people.ts';
import type { CallExplanation, QueueView } from '../../protocol/api/queue.ts';
import type { TicketView, TicketWish } from '../../protocol/api/tickets.ts';
import type { Closing, Wait } from '../../protocol/api/wait.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { windowsServing } from '../core/zones.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import { type AdmitByPaper, createAdmission } from './admit-by-paper.ts';
import { createDayClose } from './day-close.ts';
import { createExplanation } from './explain-call.ts';
import { createHallContext, type HallParts } from './hall-context.ts';
import { createHallDesk, type HallDesk } from './hall-desk.ts';
import { createHallLive } from './hall-live.ts';
import { createHallTimer } from './hall-timer.ts';
import { createIssuing, type Issuing } from './issuing.ts';
import { createNumberLeases, type NumberLeases } from './number-leases.ts';
import type { OpenTickets } from './open-tickets.ts';
import { createQueueView } from './queue-view.ts';
import { createVisitorDesk, type VisitorDesk } from './visitor-desk.ts';
import { createWindowDesk, type WindowDesk } from './window-desk.ts';
import { createWindowSession, type WindowSession } from './window-session.ts';
import type { Windows } from './windows.ts';

export interface Hall extends Issuing, WindowDesk {
  ticket(ticketId: string): TicketView;
  /** For somebody who comes now; `windows` are those that the forecast counts with. */
  waitNow(): { waiting: number; wait: Wait; windows: number; closing: Closing | null };
  /** The same for somebody with this wish. Throws `queue.unknown-service`. */
  outlook(wish: Pick<TicketWish, 'serviceId' | 'purpose' | 'privilege'>): OutlookView;
  board(): BoardView;
  queue(me: Me): QueueView;
  explain(ticketId: string, before: string): CallExplanation;
  /** What people do by themselves. */
  visitors: VisitorDesk;
  window: Pick<WindowSession, 'open' | 'pause' | 'lastClient' | 'close'>;
  administrator: HallDesk;
  live(): HallLive;
  admitByPaper: AdmitByPaper;
  stations: NumberLeases;
  /** For the forecast: who sits where, and who waits in which order. */
  windows: Windows;
  line: OpenTickets;
  /** After a start: numbers whose print was cut off are called like any other. Returns how many. */
  recover(): Promise<number>;
  /** Does what is due by now; to be called every few seconds. */
  tick(): Promise<void>;
}

/** The branch's queue. Each decision reads and writes without a pause in between, so two windows never get one ticket. */
export function createHall(parts: HallParts): Hall {
  const context = createHallContext(parts);
  const { db, journal, clock, config, rules, open, windows, offers, views, find, people } = context;
  const onBoard = db.prepare(
    `select * from tickets where state in ('called', 'serving') order by called_seq desc limit 12`,
  );
  const newestRules = db.prepare('select rules from hall_rules order by position desc limit 1');
  const session = createWindowSession(context);
  const days = createDayClose(context, { session });
  const issuing = createIssuing(context, days);
  const timer = createHallTimer(context, session);

  /** An old call can be explained only by the rules that held then. */
  async function adoptRules(): Promise<void> {
    const adopted = newestRules.get() as { rules: string } | undefined;
    if (adopted?.rules !== canonicalJson(rules))
      await journal.commit([{ type: 'hall.rules-adopted', subject: config.box, body: { rules } }]);
  }

  return {
    ...issuing,
    ...createWindowDesk(context, { days, session }),
    ticket: ticketId => views.view(find(ticketId)),
    waitNow() {
      const { waiting, wait, windows: counted, closing } = views.waitNow();
      return { waiting, wait, windows: counted, closing };
    },
    outlook(wish) {
      const serviceId = parts.register.getService(wish.serviceId).id;
      const { waiting, wait, closing } = views.newcomer(serviceId, context.dueOf(wish));
      return { serviceId, waiting, wait, closing };
    },
    board: () => {
      const manned = windows.manned();
      return {
        branch: config.branch.name,
        timeZone: config.branch.timeZone,
        now: clock.now().toISOString(),
        called: (onBoard.all() as unknown as TicketRow[]).map(row => ({
          number: row.number,
          window: row.window ?? '',
          calledAt: row.called_at ?? row.issued_at,
        })),
        waiting: people().map(person => ({
          number: find(person.ticketId).number,
          windows: windowsServing(manned, person),
        })),
        announcements: offers.announcements(clock.now()).map(({ announcement }) => announcement),
        zones: rules.zones,
      };
    },
    queue: createQueueView(context),
    explain: createExplanation(context),
    visitors: createVisitorDesk(context, { session }),
    window: session,
    administrator: createHallDesk(context, { days, session }),
    live: createHallLive(context),
    admitByPaper: createAdmission(context),
    stations: createNumberLeases(context),
    windows,
    line: open,
    async recover() {
      await adoptRules();
      return days.recover();
    },
    async tick() {
      // Before anybody is sent to a window: yesterday's people are not in the hall.
      await days.closeEarlier();
      await issuing.catchUp();
      await timer.tick();
    },
  };
}
