import { timeOrderedId } from '../../platform/time-ordered-id.ts';
import type { TicketView, TicketWish } from '../../protocol/api/tickets.ts';
import { AppError } from '../../protocol/app-error.ts';
import { numberText } from '../core/numbering.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { PrintOutcome } from '../peripherals/driver.ts';
import type { DayClose } from './day-close.ts';
import type { HallContext } from './hall-context.ts';
import { slipOf } from './slip.ts';
import { waitTold } from './ticket-views.ts';

export interface Issuing {
  /**
   * Numbers and prints. A repeated request gets the same ticket. Everything in the answer is on the disk,
   * but for the word that it was printed (a print in doubt waits too). Throws `queue.*`.
   */
  issue(wish: TicketWish): Promise<TicketView>;
  /**
   * The same for an answer that leaves this program: when the paper is out. The ticket joins the line once
   * all such answers have left, and before anything else can be asked.
   */
  give(wish: TicketWish): Promise<TicketView>;
  /** The person read the number from the screen: it waits without paper. */
  confirmOnScreen(ticketId: string): Promise<TicketView>;
  /** Puts into line whose paper is out, or may be, and whose word of it the disk did not take (F04). */
  catchUp(): Promise<void>;
}

/** A ticket from the touch at the kiosk to the paper in the hand. */
export function createIssuing(context: HallContext, days: DayClose): Issuing {
  const { db, journal, clock, config, register, printer, log, open, numbers, offers, today, find } = context;
  const { zoneOf } = context;
  const { view, newcomer } = context.views;
  const byRequest = db.prepare('select * from tickets where request_id = ?');
  /** Until they are in line. */
  const printing = new Map<string, Promise<void>>();
  let joining: { ticketIds: string[]; done: Promise<void> } | undefined;

  async function printNow(ticket: TicketView): Promise<PrintOutcome['kind']> {
    const outcome = await printer.print(slipOf(ticket, config.branch, false, zoneOf(ticket)));
    const subject = ticket.id;
    if (outcome.kind === 'failed') {
      log.warn({ code: outcome.code }, 'a ticket was not printed');
      await journal.commit([{ type: 'ticket.print-failed', subject, body: { code: outcome.code } }]);
    } else if (outcome.kind === 'doubtful')
      // Somebody may hold the paper: the number must be called. A number that nobody holds costs a no-show.
      await journal.commit([
        { type: 'ticket.print-failed', subject, body: { code: 'printer.unconfirmed' } },
        ...(isIssued(subject)
          ? [{ type: 'ticket.waiting', subject, body: { by: 'recovery' } } as const]
          : []),
      ]);
    return outcome.kind;
  }

  /** Tickets that are printed in one turn of the event loop are written together, when their answers have left. */
  function joinLine(ticketId: string): Promise<void> {
    if (!joining) {
      const ticketIds: string[] = [];
      const done = new Promise<void>(resolve => {
        process.nextTick(() => {
          joining = undefined;
          waitAsPrinted(ticketIds).catch((error: unknown) =>
            log.error({ err: error }, 'printed tickets do not wait'),
          );
          resolve();
        });
      });
      joining = { ticketIds, done };
    }
    joining.ticketIds.push(ticketId);
    return joining.done;
  }

  /** Nobody waits for this: a power cut before it is on the disk leaves doubtful prints, which wait too. */
  async function waitAsPrinted(ticketIds: readonly string[]): Promise<void> {
    const facts = ticketIds
      .filter(isIssued)
      .map(subject => ({ type: 'ticket.waiting', subject, body: { by: 'printed' } }) as const);
    await journal.commit(facts, undefined, 'lazily');
  }

  /** Not any more when the person took the number from the screen, and perhaps was called, while the printer worked. */
  const isIssued = (ticketId: string) => find(ticketId).state === 'issued';

  /** What a ticket is told as now, when that is on the disk; with the wait that was told already. */
  async function settledView(ticketId: string, told?: TicketView): Promise<TicketView> {
    const now = view(find(ticketId), told);
    await journal.settled();
    return now;
  }

  async function again(known: TicketRow): Promise<TicketView> {
    await printing.get(known.id);
    const { state, print_error } = find(known.id);
    // Its print broke off in this program: as after a power cut, somebody may hold the paper.
    if (state === 'issued' && print_error === null)
      await journal.commit([{ type: 'ticket.waiting', subject: known.id, body: { by: 'recovery' } }]);
    return await settledView(known.id);
  }

  async function give(wish: TicketWish): Promise<TicketView> {
    await days.closeEarlier();
    await days.giveUpUnclaimed();
    const known = byRequest.get(wish.requestId) as TicketRow | undefined;
    if (known) return again(known);
    const service = register.getService(wish.serviceId);
    const category = register.get().categories.find(({ id }) => id === service.categoryId);
    const letter = category?.letter ?? 'Я';
    const day = today();
    offers.check(wish, day);
    const id = timeOrderedId(clock.now());
    const holder = offers.holder(wish, day);
    // Screen, paper and journal tell the same wait.
    const forecast = newcomer(service.id, context.dueOf(wish));
    const { told } = forecast;
    const given = journal.commit([
      {
        type: 'ticket.issued',
        subject: id,
        body: {
          number: numberText(letter, numbers.next(day, letter, 1)),
          serviceId: service.id,
          day,
          requestId: wish.requestId,
          ...(wish.purpose && { purpose: wish.purpose }),
          ...(wish.privilege !== undefined && { privilege: wish.privilege }),
          ...(wish.more && { more: wish.more.map(each => register.getService(each).id) }),
          ...(holder !== undefined && { holder }),
          ...(told && { told }),
        },
      },
    ]);
    days.numberGiven();
    const row = open.find(id);
    // As it will be once it is printed; the wait is the one of before its commit, and true since then.
    const ticket = row && view({ ...row, state: 'waiting', waiting_by: 'printed' }, waitTold(forecast));
    // Nothing is printed that is not on the disk; the same request that comes meanwhile waits for both.
    const printed = given.then(() => printNow(ticket ?? view(find(id))));
    const inLine = printed
      .then(outcome => (outcome === 'printed' ? joinLine(id) : undefined))
      .finally(() => printing.delete(id));
    inLine.catch(() => {}); // `printed` tells it
    printing.set(id, inLine);
    const outcome = await printed;
    return ticket && outcome === 'printed' && isIssued(id) ? ticket : await settledView(id, ticket);
  }

  return {
    give,
    async issue(wish) {
      const ticket = await give(wish);
      await printing.get(ticket.id);
      return ticket;
    },
    async confirmOnScreen(ticketId) {
      const row = find(ticketId);
      if (row.state === 'issued')
        await journal.commit([{ type: 'ticket.waiting', subject: ticketId, body: { by: 'on-screen' } }]);
      else if (row.state === 'abandoned' || row.state === 'cancelled')
        throw new AppError('queue.wrong-state', { number: row.number });
      return view(find(ticketId));
    },
    async catchUp() {
      const facts = open
        .issued()
        .filter(({ id, print_error }) => print_error === null && !printing.has(id))
        .map(({ id }) => ({ type: 'ticket.waiting', subject: id, body: { by: 'recovery' } }) as const);
      if (facts.length > 0) await journal.commit(facts);
    },
  };
}
