import type { DatabaseSync } from 'node:sqlite';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { timeOrderedId } from '../../platform/time-ordered-id.ts';
import type {
  BoardView,
  Me,
  QueueView,
  TicketState,
  TicketView,
  TicketWish,
  Wait,
} from '../../protocol/api.ts';
import { AppError } from '../../protocol/app-error.ts';
import { type BoxConfig, hallRulesOf } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { chooseNext } from '../core/calling.ts';
import { nextNumber } from '../core/numbering.ts';
import { mayBecome } from '../core/ticket-rules.ts';
import type { Journal } from '../journal/journal.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { TicketPrinter } from '../peripherals/driver.ts';
import { followGivenNumbers } from './given-numbers.ts';
import { openHallWords } from './hall-words.ts';
import { followOpenTickets } from './open-tickets.ts';
import { createQueueView } from './queue-view.ts';
import { slipOf } from './slip.ts';
import { createTicketViews } from './ticket-views.ts';
import { readWindows } from './windows.ts';

/** A number whose print surely failed and which nobody took from the screen is given up after this. */
const unclaimedAfterMs = 10 * 60_000;
/** Numbers of an earlier day are given up only after such a pause in giving them: a clock that is set right at work empties no hall (F08). */
const nightMs = 3 * 60 * 60_000;
/** Days that leftovers may be old; more is a clock that was wrong (F07), and a clerk decides. */
const leftoverDays = 31;

export interface Hall {
  /**
   * Numbers and prints. A repeated request gets the same ticket. Everything in the answer is on the disk,
   * but for the word that it was printed (a print in doubt waits too). Throws `queue.*`.
   */
  issue(wish: TicketWish): Promise<TicketView>;
  /** The person read the number from the screen: it waits without paper. */
  confirmOnScreen(ticketId: string): Promise<TicketView>;
  ticket(ticketId: string): TicketView;
  waitNow(): { waiting: number; wait: Wait };
  board(): BoardView;
  queue(me: Me): QueueView;
  callNext(me: Me): Promise<void>;
  recall(me: Me, ticketId: string): Promise<void>;
  came(me: Me, ticketId: string): Promise<void>;
  noShow(me: Me, ticketId: string): Promise<void>;
  finish(me: Me, ticketId: string): Promise<void>;
  /** After a start: numbers whose print was cut off are called like any other. Returns how many. */
  recover(): Promise<number>;
}

export interface HallParts {
  db: DatabaseSync;
  journal: Journal;
  clock: Clock;
  config: BoxConfig;
  register: RegisterHolder;
  printer: TicketPrinter;
  /** Base of the addresses on tickets. */
  publicUrl: () => string;
  log: Log;
}

/** The branch's queue. Each decision reads and writes without a pause in between, so two windows never get one ticket. */
export function createHall(parts: HallParts): Hall {
  const { db, journal, clock, config, register, printer, log } = parts;
  const byId = db.prepare('select * from tickets where id = ?');
  const byRequest = db.prepare('select * from tickets where request_id = ?');
  const atWindow = db.prepare(`select * from tickets where window = ? and state in ('called', 'serving')`);
  const onBoard = db.prepare(
    `select * from tickets where state in ('called', 'serving') order by called_seq desc limit 12`,
  );
  const printing = new Map<string, Promise<void>>();
  let lastIssuedMs = Number.NEGATIVE_INFINITY;

  const rules = hallRulesOf(config);
  const categoryOf = (serviceId: string) =>
    register.get().services.find(({ id }) => id === serviceId)?.categoryId ?? null;
  const open = followOpenTickets({ db, journal, clock, rules, categoryOf });
  const windows = readWindows(db);
  const words = openHallWords(db);
  const numbers = followGivenNumbers(db, journal);
  const views = createTicketViews({ ...parts, open, words, rules });
  const { view, waitNow } = views;
  const today = () => businessDay(clock.now(), config.branch.timeZone);
  const { people } = open;
  const queue = createQueueView({
    ...{ db, clock, config, rules, open, windows, words, views, people, today },
  });

  function find(ticketId: string): TicketRow {
    const row = open.find(ticketId) ?? (byId.get(ticketId) as TicketRow | undefined);
    if (!row) throw new AppError('queue.unknown-ticket');
    return row;
  }

  async function printNow(ticket: TicketView): Promise<void> {
    const outcome = await printer.print(slipOf(ticket, config.branch, false));
    const subject = ticket.id;
    // While the printer worked, the person may have taken the number from the screen and been called.
    const isOpen = find(subject).state === 'issued';
    switch (outcome.kind) {
      case 'printed':
        // Nobody waits for this: a power cut before it is on the disk leaves a doubtful print, which waits too.
        if (isOpen)
          journal
            .commit([{ type: 'ticket.waiting', subject, body: { by: 'printed' } }], undefined, 'lazily')
            .catch((error: unknown) => log.error({ err: error }, 'a printed ticket does not wait'));
        break;
      case 'failed':
        log.warn({ code: outcome.code }, 'a ticket was not printed');
        await journal.commit([{ type: 'ticket.print-failed', subject, body: { code: outcome.code } }]);
        break;
      case 'doubtful':
        // Somebody may hold the paper: the number must be called. A number that nobody holds costs a no-show.
        await journal.commit([
          { type: 'ticket.print-failed', subject, body: { code: 'printer.unconfirmed' } },
          ...(isOpen ? [{ type: 'ticket.waiting', subject, body: { by: 'recovery' } } as const] : []),
        ]);
    }
  }

  /** What a ticket is told as, when that is on the disk. `told` was made before its commit, and is since then. */
  async function settledView(ticketId: string, told?: TicketView): Promise<TicketView> {
    const row = find(ticketId);
    const now = view(row, told);
    const isAsTold = row.state === 'issued' || (row.state === 'waiting' && row.waiting_by === 'printed');
    // Somebody else moved it meanwhile, or its place was found among those who are still on their way.
    if (!told || !isAsTold) await journal.settled();
    return now;
  }

  async function abandon(given: readonly TicketRow[], reason: string): Promise<void> {
    if (given.length > 0)
      await journal.commit(
        given.map(row => ({ type: 'ticket.abandoned', subject: row.id, body: { reason } })),
      );
  }

  async function giveUpUnclaimed(): Promise<void> {
    const before = new Date(clock.now().getTime() - unclaimedAfterMs).toISOString();
    const unclaimed = open.issued().filter(row => row.print_error !== null && row.issued_at < before);
    await abandon(unclaimed, 'not-taken');
  }

  /** Day close invents no outcomes: who was not called is given up (DESIGN section 3). */
  async function closeEarlierDays(): Promise<void> {
    if (clock.monotonicMs() - lastIssuedMs < nightMs) return;
    const day = today();
    const earliest = new Date(clock.now().getTime() - leftoverDays * 86_400_000);
    const oldest = businessDay(earliest, config.branch.timeZone);
    const left = [...open.issued(), ...open.waiting().map(({ row }) => row)];
    await abandon(
      left.filter(row => row.day < day && row.day >= oldest),
      'day-closed',
    );
  }

  function need(me: Me, ticketId: string, to: TicketState): TicketRow & { window: string } {
    const row = find(ticketId);
    if (!mayBecome(row.state, to) || row.window === null || row.window !== me.window)
      throw new AppError('queue.wrong-state', { number: row.number });
    return { ...row, window: row.window };
  }

  const windowOf = (me: Me): string => {
    if (me.window === null) throw new AppError('access.forbidden');
    return me.window;
  };

  return {
    async issue(wish) {
      await closeEarlierDays();
      await giveUpUnclaimed();
      const known = byRequest.get(wish.requestId) as TicketRow | undefined;
      if (known) {
        await printing.get(known.id);
        const { state, print_error } = find(known.id);
        // Its print broke off in this program: as after a power cut, somebody may hold the paper.
        if (state === 'issued' && print_error === null)
          await journal.commit([{ type: 'ticket.waiting', subject: known.id, body: { by: 'recovery' } }]);
        return await settledView(known.id);
      }
      const service = register.getService(wish.serviceId);
      const category = register.get().categories.find(({ id }) => id === service.categoryId);
      const letter = category?.letter ?? 'Я';
      const day = today();
      const id = timeOrderedId(clock.now());
      const given = journal.commit([
        {
          type: 'ticket.issued',
          subject: id,
          body: {
            number: nextNumber(letter, numbers.newest(day, letter)),
            serviceId: service.id,
            day,
            requestId: wish.requestId,
            ...(wish.purpose && { purpose: wish.purpose }),
            ...(wish.privilege !== undefined && { privilege: wish.privilege }),
            ...(wish.more && { more: wish.more.map(id => register.getService(id).id) }),
          },
        },
      ]);
      lastIssuedMs = clock.monotonicMs();
      // Made while the disk works. Screen and paper tell the same wait.
      const row = open.find(id);
      const ticket = row && view(row);
      // Nothing is printed that is not on the disk; the same request that comes meanwhile waits for both.
      const printed = given.then(() => printNow(ticket ?? view(find(id)))).finally(() => printing.delete(id));
      printing.set(id, printed);
      await printed;
      return await settledView(id, ticket);
    },
    async confirmOnScreen(ticketId) {
      const row = find(ticketId);
      if (row.state === 'issued')
        await journal.commit([{ type: 'ticket.waiting', subject: ticketId, body: { by: 'on-screen' } }]);
      else if (row.state === 'abandoned') throw new AppError('queue.wrong-state', { number: row.number });
      return view(find(ticketId));
    },
    ticket: ticketId => view(find(ticketId)),
    waitNow,
    board: () => ({
      branch: config.branch.name,
      timeZone: config.branch.timeZone,
      now: clock.now().toISOString(),
      called: (onBoard.all() as unknown as TicketRow[]).map(row => ({
        number: row.number,
        window: row.window ?? '',
        calledAt: row.called_at ?? row.issued_at,
      })),
      waiting: open.waiting().map(({ row }) => ({
        number: row.number,
        categoryId: categoryOf(row.service_id),
        forWindow: row.for_window,
      })),
      announcements: [],
      zones: rules.zones,
    }),
    queue,
    async callNext(me) {
      const window = windowOf(me);
      await closeEarlierDays();
      const busy = atWindow.get(window) as TicketRow | undefined;
      if (busy) throw new AppError('queue.window-busy', { number: busy.number });
      const next = chooseNext({
        ...{ line: people(), nowMs: open.nowMs(), rules },
        window: windows.calling(window, me.login),
      });
      if (!next) throw new AppError('queue.nobody-waiting');
      await journal.commit([
        {
          type: 'ticket.called',
          subject: next.ticketId,
          body: { window, clerk: me.login, call: 1, rule: 'due' },
        },
      ]);
    },
    async recall(me, ticketId) {
      const { window, calls } = need(me, ticketId, 'called');
      await journal.commit([
        { type: 'ticket.called', subject: ticketId, body: { window, clerk: me.login, call: calls + 1 } },
      ]);
    },
    async came(me, ticketId) {
      const { window } = need(me, ticketId, 'serving');
      await journal.commit([
        { type: 'ticket.serving', subject: ticketId, body: { window, clerk: me.login } },
      ]);
    },
    async noShow(me, ticketId) {
      const { window } = need(me, ticketId, 'no-show');
      await journal.commit([
        { type: 'ticket.no-show', subject: ticketId, body: { window, clerk: me.login } },
      ]);
    },
    async finish(me, ticketId) {
      const { window } = need(me, ticketId, 'done');
      await journal.commit([{ type: 'ticket.done', subject: ticketId, body: { window, clerk: me.login } }]);
    },
    async recover() {
      await closeEarlierDays();
      // F01: the paper may be in somebody's hand. Those whose print surely failed wait for their person.
      const cutOff = open.issued().filter(row => row.print_error === null);
      if (cutOff.length > 0)
        await journal.commit(
          cutOff.map(row => ({ type: 'ticket.waiting', subject: row.id, body: { by: 'recovery' } })),
        );
      return cutOff.length;
    },
  };
}
