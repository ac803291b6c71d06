import Type, { type Static } from 'typebox';
import { Purpose, Skill } from '../hall-rules.ts';
import { Id, Key, Text } from '../values.ts';
import type { ApiError } from './common.ts';
import { type LineDetails, Minutes, Window, type WindowView, Words } from './queue.ts';
import type { TicketState } from './tickets.ts';
import type { Wait } from './wait.ts';

/*
 * The hall as its pages see it, beside `tickets.ts`. What a person without a log-in may do with a ticket, whoever
 * knows its id may: it cannot be guessed and stands in the QR code of the paper.
 */

/** Public: `GET /api/hall`, what a kiosk offers. Changes are told by the topic `hall`. */
export interface HallView {
  /** False after the administrator closed the day: no tickets are given. */
  open: boolean;
  purposes: Purpose[];
  /** Privileges that may be chosen at the kiosk. */
  privileges: { id: string; title: Text }[];
  /** Services for which no tickets are given now. */
  closed: { serviceId: string; why: 'closed' | 'day-limit' }[];
  ratingAspects: { id: string; title: Text }[];
  announcements: AnnouncementView[];
}
export interface AnnouncementView {
  id: string;
  announcement: Text;
  until: string | null;
}

/*
 * Public: `POST /api/tickets/{id}/cancel`, and `…/return` after a missed call, both → `TicketView`.
 * Refusals: `queue.wrong-state`, `queue.too-late-to-return`.
 */

/** Public: `POST /api/ratings` → `{}`. One mark an aspect; the same request twice counts once. */
export const Rating = Type.Object({
  requestId: Id,
  /** The visit that is rated; a ticket is rated once. */
  ticketId: Type.Optional(Id),
  marks: Type.Array(Type.Object({ aspect: Key, mark: Type.Integer({ minimum: 1, maximum: 5 }) }), {
    minItems: 1,
    maxItems: 10,
  }),
});
export type Rating = Static<typeof Rating>;

/** Public: `POST /api/administrator-calls` → `{}`; `place` is the kiosk. The same request twice is one call. */
export const AdministratorCall = Type.Object({ requestId: Id, place: Key });

/** `GET /api/hall/live` → `HallLive`; topic `hall`. */
export interface HallLive {
  now: string;
  day: string;
  open: boolean;
  normMinutes: number;
  windows: (WindowView & {
    clerkName: string | null;
    ticket: { ticketId: string; number: string; state: 'called' | 'serving'; since: string } | null;
    servedToday: number;
  })[];
  /** Everybody in the hall; those in line in the order of calling. */
  tickets: HallTicket[];
  services: HallServiceLine[];
  announcements: AnnouncementView[];
  /** With `refused`: a station gave this number and the queue does not have it. */
  administratorCalls: {
    id: string;
    place: string;
    at: string;
    refused: { number: string; error: ApiError } | null;
  }[];
  privileges: { id: string; title: Text }[];
  reasons: { id: string; title: Text }[];
  skills: { clerk: string; name: string; skills: Skill[] | null }[];
  today: HallFigures;
}
export interface HallTicket extends LineDetails {
  ticketId: string;
  number: string;
  state: TicketState;
  serviceId: string;
  serviceTitle: Text;
  takenAt: string;
  window: string | null;
  /** Minutes in the hall before the first call. */
  waitedMinutes: number;
  print: string;
}
export interface HallServiceLine {
  serviceId: string;
  title: Text;
  open: boolean;
  perDay: number | null;
  given: number;
  waiting: number;
  /** Of those called today. */
  meanWaitMinutes: number | null;
  overNormShare: number | null;
}
export interface HallFigures {
  issued: number;
  waiting: number;
  serving: number;
  done: number;
  noShow: number;
  cancelled: number;
  abandoned: number;
  called: number;
  meanWaitMinutes: number | null;
  longestWaitMinutes: number | null;
  /** Share of the called who waited longer than the norm, 0–1. */
  overNormShare: number | null;
  chosenOutOfTurn: number;
  ratings: { aspect: string; title: Text; count: number; mean: number }[];
  wait: Wait;
}

/** `POST /api/hall/tickets/{id}/change` → `HallLive` */
export const TicketChange = Type.Object({
  reason: Key,
  serviceId: Type.Optional(Key),
  purpose: Type.Optional(Purpose),
  privilege: Type.Optional(Type.Union([Key, Type.Null()])),
});
/** `POST /api/hall/admissions` → `HallLive`: a number on paper that the box never heard of. */
export const PaperAdmission = Type.Object({
  number: Type.String({ pattern: '^[А-ЯЁа-яё][0-9]{1,7}$' }),
  serviceId: Key,
});
/** `POST /api/hall/tickets/{id}/cancel` → `HallLive` */
export const TicketCancel = Type.Object({ reason: Key });
/* `POST /api/hall/tickets/{id}/return` → `HallLive` */
/** `POST /api/hall/services/{id}` → `HallLive` */
export const ServiceOffer = Type.Object({
  open: Type.Boolean(),
  perDay: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  reason: Key,
});
/** `POST /api/hall/announcements` → `HallLive`; `DELETE /api/hall/announcements/{id}` → `HallLive` */
export const Announcement = Type.Object({ requestId: Id, announcement: Text, minutes: Minutes });
/** `POST /api/hall/messages` → `HallLive`: words to one window, or to all */
export const MessageToClerks = Type.Object({
  requestId: Id,
  window: Type.Union([Window, Type.Null()]),
  words: Words,
});
/** `POST /api/hall/skills/{clerk}` → `HallLive`; null: everything */
export const SkillsWish = Type.Object({
  skills: Type.Union([Type.Array(Skill, { maxItems: 200 }), Type.Null()]),
});
/*
 * `POST /api/hall/day/open|close`, `POST /api/hall/windows/{window}/close`,
 * `POST /api/hall/administrator-calls/{id}/came` → `HallLive`
 */
