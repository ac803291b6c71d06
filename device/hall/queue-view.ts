import type { Me } from '../../protocol/api/people.ts';
import type { AsideLine, QueueView, WindowView } from '../../protocol/api/queue.ts';
import { chooseNext } from '../core/calling.ts';
import type { WindowRow } from '../journal/projections/hall.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { HallContext } from './hall-context.ts';

/** So many of the line are shown in the order in which the window would call them. */
const shownInOrder = 20;

/** The queue as a clerk sees it from the window. */
export function createQueueView(context: HallContext): (me: Me) => QueueView {
  const { db, clock, config, rules, open, windows, words, views, people, today } = context;
  const { line, details, shortTitle } = views;
  const atWindow = db.prepare(`select * from tickets where window = ? and state in ('called', 'serving')`);
  const asideOf = db.prepare(
    `select * from tickets where state in ('held', 'waiting-for-papers') and window = ? order by issued_seq`,
  );
  const servedBy = db.prepare(
    `select count(*) as n from tickets where clerk = ? and day = ? and state = 'done'`,
  );
  const caseOf = db.prepare('select id from cases where ticket_id = ? order by rowid desc limit 1');

  function aside(row: TicketRow): AsideLine {
    return {
      ...details(row),
      ticketId: row.id,
      number: row.number,
      serviceTitle: shortTitle(row.service_id),
      state: row.state as AsideLine['state'],
      window: row.window ?? '',
      since: row.aside_since ?? row.issued_at,
      until: row.aside_until,
    };
  }

  function callable(me: Me): string[] {
    if (me.window === null) return [];
    const window = windows.calling(me.window, me.login);
    const order: string[] = [];
    let left = people();
    while (order.length < shownInOrder) {
      const next = chooseNext({ line: left, window, nowMs: open.nowMs(), rules });
      if (!next) break;
      order.push(next.ticketId);
      left = left.filter(({ ticketId }) => ticketId !== next.ticketId);
    }
    return order;
  }

  return me => {
    const mine = me.window ? (atWindow.get(me.window) as TicketRow | undefined) : undefined;
    const inOrder = callable(me);
    return {
      now: clock.now().toISOString(),
      waiting: open.waiting().map(({ row }) => line(row)),
      mine: mine
        ? {
            ...line(mine),
            state: mine.state as 'called' | 'serving',
            calledAt: mine.called_at ?? mine.issued_at,
            calls: mine.calls,
            servingSince: mine.serving_since,
            caseId: (caseOf.get(mine.id) as { id: string } | undefined)?.id ?? null,
          }
        : null,
      served: (servedBy.get(me.login, today()) as { n: number }).n,
      normMinutes: rules.normMinutes,
      window: me.window === null ? null : windowView(me.window, windows.find(me.window)),
      aside: me.window === null ? [] : (asideOf.all(me.window) as unknown as TicketRow[]).map(aside),
      canCall: inOrder.length > 0,
      callable: inOrder,
      callsLeft: mine ? Math.max(0, rules.maxCalls - mine.calls) : rules.maxCalls,
      reasons: rules.reasons,
      pauseReasons: rules.pauseReasons,
      messages:
        me.window === null
          ? []
          : words.messages(today(), me.window).map(({ id, at, words: said }) => ({ id, at, words: said })),
      windows: config.branch.windows.map(window => ({
        window,
        state: windows.find(window)?.state ?? 'closed',
      })),
    };
  };
}

export function windowView(window: string, row: WindowRow | undefined): WindowView {
  if (!row) return { window, state: 'closed', clerk: null, since: null, pause: null };
  const { state, clerk, since, pause_reason: reason, pause_minutes: minutes } = row;
  const until = minutes === null ? null : new Date(Date.parse(since) + minutes * 60_000).toISOString();
  return {
    window,
    state,
    clerk: state === 'closed' ? null : clerk,
    since,
    pause: reason === null ? null : { reason, until },
  };
}
