import { timeOrderedId } from '../../platform/time-ordered-id.ts';
import type { TicketView, TicketWish } from '../../protocol/api.ts';
import { AppError } from '../../protocol/app-error.ts';
import { allowedMinutes } from '../core/calling.ts';
import { numberText } from '../core/numbering.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { DayClose } from './day-close.ts';
import type { HallContext } from './hall-context.ts';
import { slipOf } from './slip.ts';

export interface Issuing {
  /**
   * Numbers and prints. A repeated request gets the same ticket. Everything in the answer is on the disk,
   * but for the word that it was printed (a print in doubt waits too). Throws `queue.*`.
   */
  issue(wish: TicketWish): Promise<TicketView>;
  /** The person read the number from the screen: it waits without paper. */
  confirmOnScreen(ticketId: string): Promise<TicketView>;
}

/** A ticket from the touch at the kiosk to the paper in the hand. */
export function createIssuing(context: HallContext, days: DayClose): Issuing {
  const { db, journal, clock, config, register, printer, log, open, numbers, offers, today, find } = context;
  const { rules, zoneOf } = context;
  const { view, newcomer } = context.views;
  const byRequest = db.prepare('select * from tickets where request_id = ?');
  const printing = new Map<string, Promise<void>>();

  /** When somebody with this wish is to be called at the latest, by the reckoning of the hall. */
  function dueOf({ purpose = 'submit', privilege }: TicketWish): number {
    return (
      open.nowMs() +
      allowedMinutes({ purpose, privilege: privilege ?? null, transferred: false }, rules) * 60_000
    );
  }

  async function printNow(ticket: TicketView): Promise<void> {
    const outcome = await printer.print(slipOf(ticket, config.branch, false, zoneOf(ticket)));
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

  async function again(known: TicketRow): Promise<TicketView> {
    await printing.get(known.id);
    const { state, print_error } = find(known.id);
    // Its print broke off in this program: as after a power cut, somebody may hold the paper.
    if (state === 'issued' && print_error === null)
      await journal.commit([{ type: 'ticket.waiting', subject: known.id, body: { by: 'recovery' } }]);
    return await settledView(known.id);
  }

  return {
    async issue(wish) {
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
      const { waiting: ahead, wait, told } = newcomer(service.id, dueOf(wish));
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
      const ticket = row && view(row, { ahead, wait });
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
      else if (row.state === 'abandoned' || row.state === 'cancelled')
        throw new AppError('queue.wrong-state', { number: row.number });
      return view(find(ticketId));
    },
  };
}
