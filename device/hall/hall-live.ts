import { apiError } from '../../platform/http.ts';
import type { HallFigures, HallLive, HallServiceLine, HallTicket } from '../../protocol/api/hall.ts';
import { isErrorCode } from '../../protocol/errors.ts';
import type { Text } from '../../protocol/values.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { HallContext } from './hall-context.ts';
import { windowView } from './queue-view.ts';

/** The whole hall for its administrator: who waits, who serves, and today's figures against the norm. */
export function createHallLive(context: HallContext): () => HallLive {
  const { db, clock, config, register, rules, open, offers, views, windows, today } = context;
  const inHall = db.prepare(`select * from tickets where state in ('called', 'serving') order by called_seq`);
  const aside = db.prepare(
    `select * from tickets where state in ('held', 'waiting-for-papers') order by issued_seq`,
  );
  const ofDay = db.prepare(
    'select service_id, state, window, issued_at, first_called_at, chosen from tickets where day = ?',
  );
  const calls = db.prepare(
    'select id, place, number, code, at from administrator_calls where came_at is null order by at',
  );
  const rated = db.prepare('select marks from ratings where at >= ? and at < ?');
  const dayStarts = db.prepare('select min(issued_at) as at from tickets where day = ?');

  type DayRow = Pick<
    TicketRow,
    'service_id' | 'state' | 'window' | 'issued_at' | 'first_called_at' | 'chosen'
  >;
  const minutesOf = ({ issued_at, first_called_at }: Pick<TicketRow, 'issued_at' | 'first_called_at'>) =>
    Math.max(0, (Date.parse(first_called_at ?? clock.now().toISOString()) - Date.parse(issued_at)) / 60_000);

  function ticket(row: TicketRow): HallTicket {
    return {
      ...views.details(row),
      ticketId: row.id,
      number: row.number,
      state: row.state,
      serviceId: row.service_id,
      serviceTitle: views.shortTitle(row.service_id),
      takenAt: row.issued_at,
      window: row.window,
      waitedMinutes: Math.floor(minutesOf(row)),
      print: row.print_error ?? row.waiting_by ?? 'printing',
    };
  }

  function waits(rows: readonly DayRow[]) {
    const minutes = rows.filter(row => row.first_called_at !== null).map(minutesOf);
    if (minutes.length === 0) return { mean: null, longest: null, over: null };
    const sum = minutes.reduce((total, each) => total + each, 0);
    return {
      mean: round(sum / minutes.length),
      longest: round(Math.max(...minutes)),
      over: round(minutes.filter(each => each > rules.normMinutes).length / minutes.length),
    };
  }

  function service(serviceId: string, title: Text, rows: readonly DayRow[]): HallServiceLine {
    const { mean, over } = waits(rows);
    return {
      ...{ serviceId, title, ...offers.of(serviceId) },
      given: rows.length,
      waiting: rows.filter(({ state }) => state === 'waiting').length,
      meanWaitMinutes: mean,
      overNormShare: over,
    };
  }

  function ratings(day: string): HallFigures['ratings'] {
    const { at } = dayStarts.get(day) as { at: string | null };
    const from = at ?? clock.now().toISOString();
    const until = new Date(Date.parse(from) + 86_400_000).toISOString();
    const marks = (rated.all(from, until) as { marks: string }[]).flatMap(
      row => JSON.parse(row.marks) as { aspect: string; mark: number }[],
    );
    return rules.ratingAspects.flatMap(({ id, title }) => {
      const own = marks.filter(({ aspect }) => aspect === id).map(({ mark }) => mark);
      if (own.length === 0) return [];
      const sum = own.reduce((total, mark) => total + mark, 0);
      return [{ aspect: id, title, count: own.length, mean: round(sum / own.length) }];
    });
  }

  function figures(rows: readonly DayRow[], day: string): HallFigures {
    const count = (...states: TicketRow['state'][]) =>
      rows.filter(({ state }) => states.includes(state)).length;
    const { mean, longest, over } = waits(rows);
    return {
      issued: rows.length,
      waiting: count('waiting'),
      serving: count('serving'),
      done: count('done'),
      noShow: count('no-show'),
      cancelled: count('cancelled'),
      abandoned: count('abandoned'),
      called: rows.filter(row => row.first_called_at !== null).length,
      ...{ meanWaitMinutes: mean, longestWaitMinutes: longest, overNormShare: over },
      chosenOutOfTurn: rows.filter(({ chosen }) => chosen === 1).length,
      ratings: ratings(day),
      wait: views.waitNow().wait,
    };
  }

  return () => {
    const day = today();
    const rows = ofDay.all(day) as unknown as DayRow[];
    const present = inHall.all() as unknown as TicketRow[];
    const byService = Map.groupBy(rows, ({ service_id }) => service_id);
    const nameOf = (login: string) => config.users.find(user => user.login === login)?.name ?? null;
    return {
      now: clock.now().toISOString(),
      day,
      open: offers.isOpen(day),
      normMinutes: rules.normMinutes,
      windows: config.branch.windows.map(window => {
        const row = windows.find(window);
        const at = present.find(each => each.window === window);
        const shown = windowView(window, row);
        return {
          ...shown,
          clerkName: shown.clerk === null ? null : nameOf(shown.clerk),
          ticket: at
            ? {
                ...{ ticketId: at.id, number: at.number, state: at.state as 'called' | 'serving' },
                since: at.serving_since ?? at.called_at ?? at.issued_at,
              }
            : null,
          servedToday: rows.filter(each => each.window === window && each.state === 'done').length,
        };
      }),
      tickets: [
        ...present,
        ...open.waiting().map(({ row }) => row),
        ...open.issued(),
        ...(aside.all() as unknown as TicketRow[]),
      ].map(ticket),
      services: register.get().services.map(({ id, short }) => service(id, short, byService.get(id) ?? [])),
      announcements: offers.announcements(clock.now()),
      administratorCalls: (calls.all() as unknown as CallRow[]).map(callView),
      privileges: rules.privileges.map(({ id, title }) => ({ id, title })),
      reasons: rules.reasons,
      skills: config.users
        .filter(({ role }) => role === 'clerk')
        .map(({ login, name }) => {
          const skills = windows.skillsOf(login);
          return { clerk: login, name, skills: skills && [...skills] };
        }),
      today: figures(rows, day),
    };
  };
}

interface CallRow {
  id: string;
  place: string;
  number: string | null;
  code: string | null;
  at: string;
}

function callView({ id, place, number, code, at }: CallRow): HallLive['administratorCalls'][number] {
  const refused = number !== null && isErrorCode(code) ? { number, error: apiError(code, { number }) } : null;
  return { id, place, at, refused };
}

const round = (value: number) => Math.round(value * 100) / 100;
