import Type, { type Static } from 'typebox';
import { Purpose } from '../hall-rules.ts';
import { Id, Key, type Text } from '../values.ts';
import type { ApiError } from './common.ts';
import type { Closing, Wait } from './wait.ts';

/** `POST /api/tickets` */
export const TicketWish = Type.Object({
  requestId: Id,
  serviceId: Key,
  /** `submit` when nobody says. */
  purpose: Type.Optional(Purpose),
  /** Further services, in the order in which they are wanted. */
  more: Type.Optional(Type.Array(Key, { maxItems: 9 })),
  privilege: Type.Optional(Key),
  /** A random key of a phone, or of an appointment: one person takes no second ticket for the same thing. */
  holder: Type.Optional(Type.String({ minLength: 8, maxLength: 64 })),
});

export type TicketWish = Static<typeof TicketWish>;

export type TicketState =
  | 'issued' // numbered, print not confirmed yet
  | 'waiting'
  | 'called'
  | 'serving'
  | 'held' // put aside by the clerk, comes back by itself
  | 'waiting-for-papers'
  | 'done'
  | 'no-show'
  | 'abandoned'
  | 'cancelled';

/** Public: `GET /api/tickets/{id}`; also the answer of `POST /api/tickets` and `…/on-screen`. */
export interface TicketView {
  id: string;
  number: string;
  state: TicketState;
  serviceId: string;
  serviceTitle: Text;
  purpose: Purpose;
  /** Services after this one. */
  more: { serviceId: string; title: Text }[];
  /** After a missed call: until when the person may come back to the old place. */
  mayReturnUntil: string | null;
  mayCancel: boolean;
  issuedAt: string;
  /** People before this one; 0 when next. */
  ahead: number;
  /** Null when nobody waits any more, and when nobody is likely to be called before closing. */
  wait: Wait | null;
  closing: Closing | null;
  window: string | null;
  /** Address of the page that shows this ticket; the same that the QR code holds. */
  statusUrl: string;
  print: { state: 'printing' | 'printed' | 'on-screen' | 'recovered' } | { state: 'failed'; error: ApiError };
}
