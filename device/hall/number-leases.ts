import type { Static } from 'typebox';
import {
  anyDay,
  type LeasedNumbers,
  type LeaseWish,
  type StationTicket,
} from '../../protocol/api/station.ts';
import { AppError } from '../../protocol/app-error.ts';
import { numberText, reserveFrom, reserveOf, seriesOf } from '../core/numbering.ts';
import type { LeaseRow } from '../journal/projections/hall.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { HallContext } from './hall-context.ts';

/** Ranges of numbers that a station gives by itself, so that two kiosks go on when the hall's network splits. */
export interface NumberLeases {
  /** For today or tomorrow, or the station's reserve. The same wish again is the same lease. */
  lease(station: string, wish: Static<typeof LeaseWish>): Promise<LeasedNumbers>;
  /** Takes in what a station gave while it was alone, however late. Repeating is harmless. A refusal (`queue.*`) calls the hall administrator. */
  accept(
    station: string,
    ticket: Static<typeof StationTicket>,
  ): Promise<{ ticketId: string; number: string }>;
}

export function createNumberLeases(context: HallContext): NumberLeases {
  const { db, journal, config, register, numbers, offers, today, isKnownElsewhere } = context;
  const lease = db.prepare('select * from number_leases where id = ?');
  const findLease = (id: string) => lease.get(id) as LeaseRow | undefined;
  const byRequest = db.prepare('select * from tickets where request_id = ?1 or id = ?2');
  const byNumber = db.prepare('select id from tickets where day = ? and number = ?');
  const calledFor = db.prepare('select 1 from administrator_calls where id = ?');
  const told = ({ id, letter, day, first, last }: LeaseRow): LeasedNumbers => ({
    ...{ leaseId: id, letter, day, from: first, to: last },
  });

  /**
   * A lease that the other box of the branch gave and took with it when it failed. Its numbers are none of this
   * one's, and the person holds the paper: that is proof enough (ADR 46).
   */
  function leaseOfPair(
    station: string,
    { leaseId, running, of }: Static<typeof StationTicket>,
  ): LeaseRow | undefined {
    if (!config.pair || !of || running >= reserveFrom || seriesOf(running) === config.pair.series)
      return undefined;
    return { id: leaseId, station, ...of, first: running, last: running };
  }

  /** Numbers that a station has by its place among the accounts, on both boxes of a branch the same. */
  function rangeOf(station: string) {
    const stations = config.users.filter(({ role }) => role === 'station');
    return reserveOf(stations.findIndex(({ login }) => login === station));
  }

  /** What a station gave without knowing the day; it found out since. */
  function leaseOfReserve(
    station: string,
    { leaseId, running, of }: Static<typeof StationTicket>,
  ): LeaseRow | undefined {
    const range = running >= reserveFrom ? rangeOf(station) : undefined;
    if (!range || !of || of.day > today()) return undefined;
    return { id: leaseId, station, ...of, first: range.from, last: range.to };
  }

  type Taken = Awaited<ReturnType<NumberLeases['accept']>>;
  async function take(station: string, wish: Static<typeof StationTicket>): Promise<Taken> {
    const { ticketId, leaseId, running, requestId, serviceId, takenAt, heldBy } = wish;
    const before = byRequest.get(requestId, ticketId) as TicketRow | undefined;
    const row = findLease(leaseId) ?? leaseOfReserve(station, wish) ?? leaseOfPair(station, wish);
    const number = numberText(row?.letter ?? '', running);
    if (before?.id === ticketId && before.number === number) return { ticketId: before.id, number };
    if (
      before ||
      row?.station !== station ||
      running < row.first ||
      running > row.last ||
      byNumber.get(row.day, number)
    )
      throw new AppError('queue.number-not-leased', { number });
    // It was told to the other box, and is over there: here it never stands in line.
    if (isKnownElsewhere?.(ticketId)) return { ticketId, number };
    const holder = offers.holder(wish, row.day);
    await journal.commit([
      {
        type: 'ticket.issued',
        subject: ticketId,
        body: {
          ...{ number, serviceId: register.getService(serviceId).id, day: row.day, requestId },
          ...{ lease: leaseId, takenAt },
          ...(wish.purpose && { purpose: wish.purpose }),
          ...(wish.privilege !== undefined && { privilege: wish.privilege }),
          ...(wish.more && { more: wish.more.map(each => register.getService(each).id) }),
          ...(holder !== undefined && { holder }),
        },
      },
      { type: 'ticket.waiting', subject: ticketId, body: { by: heldBy } },
      // It is told after its day: nobody of that day is in the hall any more.
      ...(row.day < today()
        ? [{ type: 'ticket.abandoned', subject: ticketId, body: { reason: 'day-closed' } } as const]
        : []),
    ]);
    return { ticketId, number };
  }

  return {
    async lease(station, { leaseId, letter, day, count }) {
      const known = findLease(leaseId);
      if (known?.station === station) return told(known);
      const isLetter = register.get().categories.some(category => category.letter === letter);
      const reserve = isLetter && day === anyDay ? rangeOf(station) : undefined;
      if (reserve) return { leaseId, letter, day, ...reserve };
      if (known || !isLetter || (day !== today() && day !== today(1)))
        throw new AppError('internal.bad-request', { what: 'lease' });
      const from = numbers.next(day, letter, count);
      const to = from + count - 1;
      await journal.commit([
        { type: 'numbers.leased', subject: leaseId, body: { station, letter, day, from, to } },
      ]);
      return { leaseId, letter, day, from, to };
    },
    async accept(station, wish) {
      try {
        return await take(station, wish);
      } catch (error) {
        if (!(error instanceof AppError) || !error.code.startsWith('queue.')) throw error;
        // Somebody in the hall holds its paper and would never be called.
        if (!calledFor.get(wish.ticketId)) {
          const number = numberText(findLease(wish.leaseId)?.letter ?? wish.of?.letter ?? '', wish.running);
          const body = { place: station, number, code: error.code };
          await journal.commit([{ type: 'hall.administrator-called', subject: wish.ticketId, body }]);
        }
        throw error;
      }
    },
  };
}
