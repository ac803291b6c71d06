import { businessDay } from '../../platform/clock.ts';
import type { NewFact } from '../../protocol/facts.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { HallContext } from './hall-context.ts';
import type { WindowSession } from './window-session.ts';

/** A number whose print surely failed and which nobody took from the screen is given up after this. */
const unclaimedAfterMs = 10 * 60_000;
/** Numbers of an earlier day are given up only after such a pause in giving them: a clock that is set right at work empties no hall (F08). */
const nightMs = 3 * 60 * 60_000;
/** Days that leftovers may be old; more is a clock that was wrong (F07), and a clerk decides. */
const leftoverDays = 31;

/** The end of a day invents no outcomes: who was not called is given up. */
export interface DayClose {
  /** Gives up what is left of earlier days, and closes windows that were left open: nobody is sent there. */
  closeEarlier(): Promise<void>;
  giveUpUnclaimed(): Promise<void>;
  numberGiven(): void;
  /** After a start: numbers whose print was cut off are called like any other. Returns how many. */
  recover(): Promise<number>;
  /** Everybody who is in the hall and at no window. */
  leftovers(): TicketRow[];
}

export function createDayClose(
  { db, journal, clock, config, open, windows, words, requests, today }: HallContext,
  { session }: { session: Pick<WindowSession, 'ticketAt'> },
): DayClose {
  const aside = db.prepare(
    `select * from tickets where state in ('held', 'waiting-for-papers') order by issued_seq`,
  );
  let lastIssuedMs = Number.NEGATIVE_INFINITY;
  let tidied = '';

  async function abandon(given: readonly TicketRow[], reason: string): Promise<void> {
    if (given.length > 0)
      await journal.commit(
        given.map(row => ({ type: 'ticket.abandoned', subject: row.id, body: { reason } })),
      );
  }

  function leftovers(): TicketRow[] {
    const waiting = open.waiting().map(({ row }) => row);
    return [...open.issued(), ...waiting, ...(aside.all() as unknown as TicketRow[])];
  }

  async function closeEarlier(): Promise<void> {
    if (clock.monotonicMs() - lastIssuedMs < nightMs) return;
    const day = today();
    if (tidied === day) return;
    const oldest = today(-leftoverDays);
    const isEarlier = (of: string) => of < day && of >= oldest;
    const left = leftovers().filter(row => isEarlier(row.day));
    const leftOpen = windows
      .manned()
      .filter(({ since }) => isEarlier(businessDay(new Date(since), config.branch.timeZone)))
      .filter(({ window }) => !session.ticketAt(window));
    const facts: NewFact[] = [
      ...left.map(
        ({ id }) => ({ type: 'ticket.abandoned', subject: id, body: { reason: 'day-closed' } }) as const,
      ),
      ...leftOpen.map(
        ({ window, clerk }) =>
          ({ type: 'window.closed', subject: window, body: { clerk, by: 'day-closed' } }) as const,
      ),
    ];
    await journal.commit(facts, () => {
      words.forgetBefore(day);
      requests.forgetBefore(day);
    });
    tidied = day;
  }

  return {
    closeEarlier,
    async giveUpUnclaimed() {
      const unclaimed = open.issued().filter(row => row.print_error !== null);
      if (unclaimed.length === 0) return;
      const before = new Date(clock.now().getTime() - unclaimedAfterMs).toISOString();
      await abandon(
        unclaimed.filter(row => row.issued_at < before),
        'not-taken',
      );
    },
    numberGiven: () => {
      lastIssuedMs = clock.monotonicMs();
    },
    async recover() {
      await closeEarlier();
      // F01: the paper may be in somebody's hand. Those whose print surely failed wait for their person.
      const cutOff = open.issued().filter(row => row.print_error === null);
      if (cutOff.length > 0)
        await journal.commit(
          cutOff.map(row => ({ type: 'ticket.waiting', subject: row.id, body: { by: 'recovery' } })),
        );
      return cutOff.length;
    },
    leftovers,
  };
}
