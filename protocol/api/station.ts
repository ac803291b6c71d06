import Type, { type Static } from 'typebox';
import { CardRead, CodeRead } from '../readings.ts';
import { Day, Id, Instant } from '../values.ts';
import { TicketWish } from './tickets.ts';

/*
 * What a station (a kiosk with a box of its own) and the hub of the branch say to each other. A station logs
 * in like a person, with the role `station`.
 */

const Letter = Type.String({ pattern: '^[А-ЯЁ]$' });

/** Instead of a day: numbers of a reserve, which nobody else gives on any day. */
export const anyDay = 'any';

/** `POST /api/stations/leases` → `LeasedNumbers`. `leaseId` is made by the station: asking again gives the same numbers. */
export const LeaseWish = Type.Object({
  leaseId: Id,
  letter: Letter,
  /** Today or tomorrow, so that a station that is alone at midnight has numbers for the new day; or its reserve. */
  day: Type.Union([Day, Type.Literal(anyDay)]),
  count: Type.Integer({ minimum: 1, maximum: 100 }),
});
export interface LeasedNumbers {
  leaseId: string;
  letter: string;
  day: string;
  from: number;
  to: number;
}

/** `POST /api/stations/tickets` → `{ticketId, number}`: a ticket that the station gave by itself. A refusal by `queue.*` is final, and calls the hall administrator. */
export const StationTicket = Type.Object({
  ...TicketWish.properties,
  /** Made by the station: it stands in the QR code of the paper already. */
  ticketId: Id,
  leaseId: Id,
  /** What the lease is of, for a hub that did not give it. */
  of: Type.Optional(Type.Object({ letter: Letter, day: Day })),
  /** Number without its letter. */
  running: Type.Integer({ minimum: 1 }),
  takenAt: Instant,
  heldBy: Type.Union([Type.Literal('printed'), Type.Literal('on-screen'), Type.Literal('recovery')]),
});

/**
 * `POST /api/stations/readings` → 204: what a device at a window's own box read. It reaches the window that the
 * station's account names, whatever the station says; kept nowhere.
 */
export const StationReading = Type.Object({
  device: Type.String({ minLength: 1, maxLength: 64 }),
  read: Type.Union([...CodeRead.anyOf, ...CardRead.anyOf]),
});
export type StationReading = Static<typeof StationReading>;

/** Public: `GET /api/station` (of the station itself): whether it is alone, and what it still has to tell the hub. */
export interface StationView {
  station: string;
  hub: 'connected' | 'away';
  untold: number;
  /** Tickets of these days that the hub refused: people hold their papers, and the queue does not have them. */
  refused: { number: string; code: string }[];
  /** Leased numbers of today that are left. */
  left: { letter: string; numbers: number }[];
}
