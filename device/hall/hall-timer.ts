import type { NewFact } from '../../protocol/facts.ts';
import { distribute } from '../core/calling.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { HallContext } from './hall-context.ts';
import type { WindowSession } from './window-session.ts';

export interface HallTimer {
  /** Does what is due by now: returns from being aside, no-shows after the last call, calls of free windows. */
  tick(): Promise<void>;
}

/** What happens in the hall by itself. Nothing is remembered but what the tables say, so a restart loses nothing. */
export function createHallTimer(context: HallContext, session: WindowSession): HallTimer {
  const { db, journal, clock, rules, open, windows, people, config } = context;
  // Asked each second: the lists of states are those of the indexes, or all tickets of years would be read.
  const aside = db.prepare(
    `select * from tickets where state in ('held', 'waiting-for-papers') and state = 'held' and aside_until is not null`,
  );
  const called = db.prepare(
    `select * from tickets where state in ('called', 'serving') and state = 'called' and calls >= ?`,
  );
  const deadlines = new Map<string, number>();
  const freeSince = new Map<string, number>();

  /**
   * Whether a span that began at a wall-clock time is over. From the first look on it is measured by the
   * clock that only grows, so a clock that is set neither ends it nor makes it endless (F08).
   */
  function isOver(name: string, begunAt: string, spanMs: number): boolean {
    const nowMs = clock.monotonicMs();
    let endsMs = deadlines.get(name);
    if (endsMs === undefined) {
      const elapsedMs = Math.min(Math.max(clock.now().getTime() - Date.parse(begunAt), 0), spanMs);
      endsMs = nowMs + spanMs - elapsedMs;
      deadlines.set(name, endsMs);
    }
    return nowMs >= endsMs;
  }

  function returns(): NewFact[] {
    return (aside.all() as unknown as TicketRow[])
      .filter(row => {
        const [from, until] = [row.aside_since ?? row.issued_at, row.aside_until ?? row.issued_at];
        return isOver(`${row.id} ${from}`, from, Date.parse(until) - Date.parse(from));
      })
      .map(row => ({ type: 'ticket.returned', subject: row.id, body: { by: 'timer' } }));
  }

  function noShows(): NewFact[] {
    if (rules.noShow.how !== 'automatic') return [];
    const spanMs = rules.noShow.afterSeconds * 1000;
    return (called.all(rules.maxCalls) as unknown as TicketRow[])
      .filter(row => isOver(`${row.id} ${row.called_seq}`, row.called_at ?? row.issued_at, spanMs))
      .flatMap(row => {
        const body = { window: row.window ?? '', clerk: row.clerk ?? '', automatic: true } as const;
        return [{ type: 'ticket.no-show', subject: row.id, body } as const, ...session.afterPerson(row)];
      });
  }

  function calls(): NewFact[] {
    if (!rules.automaticCalls) return [];
    const nowMs = clock.monotonicMs();
    const free = windows
      .manned()
      .filter(({ state, window }) => state === 'open' && !session.ticketAt(window))
      .map(({ window, skills }) => ({ window, skills, freeSinceMs: freeSince.get(window) ?? nowMs }));
    for (const { window } of free) if (!freeSince.has(window)) freeSince.set(window, nowMs);
    for (const window of config.branch.windows)
      if (free.every(each => each.window !== window)) freeSince.delete(window);
    return distribute({ line: people(), free, nowMs: open.nowMs(), rules }).map(({ ticketId, window }) => {
      freeSince.delete(window);
      const clerk = windows.find(window)?.clerk ?? '';
      return {
        type: 'ticket.called',
        subject: ticketId,
        body: { window, clerk, call: 1, rule: 'sent' },
      };
    });
  }

  return {
    async tick() {
      const ended = [...returns(), ...noShows()];
      if (ended.length > 0) {
        deadlines.clear();
        await journal.commit(ended);
      }
      const sent = calls();
      if (sent.length > 0) await journal.commit(sent);
    },
  };
}
