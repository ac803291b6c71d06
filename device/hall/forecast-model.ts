import type { DatabaseSync } from 'node:sqlite';
import { createLeaving } from '../core/forecast/leaving.ts';
import type { Knowledge } from '../core/forecast/replay.ts';
import { createServiceTimes } from '../core/forecast/service-times.ts';
import { createTelling, type Telling } from '../core/forecast/told.ts';
import type { Journal } from '../journal/journal.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { ToldWaitRow } from '../journal/projections/told-waits.ts';

/** What the hall has learned for its forecast. */
export interface ForecastModel {
  knowledge(): Knowledge;
  telling(): Telling;
}

/** Tickets that are read again after a start: some weeks of a branch. */
const remembered = 5000;
/** A called number that nobody answers costs a window so long, before the hall has seen any. */
const noShowSeconds = 60;
const noShowWeight = 20;
const usualNoShows = 0.03;
/** A visit that lasted longer was not finished on the screen in time. */
const longestVisitSeconds = 4 * 3600;

type Learned = ReturnType<typeof startLearning>;

/**
 * Learns from each ticket that ends: how long services take, with which clerk, who leaves or does not come, and how
 * well the told waits held. Begins with the newest tickets of the table; after an undo it is read again.
 */
export function followForecast(
  db: DatabaseSync,
  journal: Journal,
  normSeconds: (serviceId: string) => number | undefined,
): ForecastModel {
  const newest = db.prepare(
    `select t.*, w.from_s, w.to_s, w.usual_s, w.waited_s from tickets t left join told_waits w on w.ticket_id = t.id
      where t.state in ('done', 'no-show', 'cancelled', 'abandoned') order by t.issued_seq desc limit ${remembered}`,
  );
  const one = db.prepare('select * from tickets where id = ?');
  const told = db.prepare('select * from told_waits where ticket_id = ?');
  let kept: Learned | undefined;

  function load(): Learned {
    const learned = startLearning(normSeconds);
    for (const row of (newest.all() as unknown as (TicketRow & ToldWaitRow)[]).reverse()) {
      if (row.first_called_at !== null) learned.called(row, row.to_s === null ? undefined : row);
      learned.ended(row);
    }
    return learned;
  }
  function all(): Learned {
    kept ??= load();
    return kept;
  }

  journal.follow({
    apply(fact) {
      if (!kept) return;
      const find = () => one.get(fact.subject) as TicketRow | undefined;
      switch (fact.type) {
        case 'ticket.called': {
          const row = find();
          // A second call, or one to another window, says nothing about the wait that was told.
          if (row && row.first_called_at === fact.at && row.transferred === 0)
            kept.called(row, told.get(row.id) as ToldWaitRow | undefined);
          break;
        }
        case 'ticket.done':
        case 'ticket.no-show':
        case 'ticket.cancelled':
        case 'ticket.abandoned': {
          const row = find();
          if (row) kept.ended(row);
          break;
        }
      }
    },
    reset() {
      kept = undefined;
    },
  });

  return { knowledge: () => all().knowledge, telling: () => all().telling };
}

function startLearning(normSeconds: (serviceId: string) => number | undefined) {
  const times = createServiceTimes(normSeconds);
  const leaving = createLeaving();
  const telling = createTelling();
  const noShow = { share: usualNoShows, seconds: noShowSeconds };
  let [ended, missed] = [noShowWeight, noShowWeight * usualNoShows];

  return {
    telling,
    knowledge: { times, leaving, noShow },
    called(row: TicketRow, told: ToldWaitRow | undefined): void {
      const waited = secondsBetween(row.issued_at, row.first_called_at);
      if (waited !== undefined) leaving.learn(waited, false);
      if (!told) return;
      const { from_s: fromSeconds, to_s: toSeconds, usual_s: usualSeconds } = told;
      telling.learn({ fromSeconds, toSeconds, usualSeconds }, told.waited_s);
    },
    ended(row: TicketRow): void {
      if (row.state === 'cancelled' && row.first_called_at === null) {
        const waited = secondsBetween(row.issued_at, row.ended_at);
        if (waited !== undefined) leaving.learn(waited, true);
      }
      if (row.state !== 'done' && row.state !== 'no-show') return;
      ended++;
      if (row.state === 'no-show') missed++;
      noShow.share = missed / ended;
      const seconds = secondsBetween(row.serving_since, row.ended_at);
      if (row.state === 'done' && seconds !== undefined && seconds > 0 && seconds < longestVisitSeconds)
        times.learn({ service: row.service_id, clerk: row.clerk ?? '', seconds });
    },
  };
}

/** Undefined when one of them is not there, or the clock went back between (F08). */
function secondsBetween(from: string | null, to: string | null): number | undefined {
  if (from === null || to === null) return undefined;
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return seconds >= 0 ? seconds : undefined;
}
