import Type, { type Static } from 'typebox';
import { Purpose, Skill } from '../hall-rules.ts';
import { Id, Key, Text } from '../values.ts';
import type { Wait } from './branch.ts';
import type { ApiError } from './common.ts';
import type { TicketState } from './tickets.ts';

/*
 * The hall as its pages see it, beside `tickets.ts`. What a person without a log-in may do with a ticket, whoever
 * knows its id may: it cannot be guessed and stands in the QR code of the paper.
 */

const Window = Type.String({ minLength: 1, maxLength: 8 });
const Words = Type.String({ minLength: 1, maxLength: 500 });
const Minutes = Type.Union([Type.Integer({ minimum: 1, maximum: 24 * 60 }), Type.Null()]);

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

/**
 * `POST /api/tickets/{id}/finish|recall` → `QueueView`, `POST /api/hall/tickets/{id}/reprint` → `HallLive`,
 * all also without a body. The same request twice is done once, as it is wherever a `requestId` is sent.
 */
export const Repeatable = Type.Union([Type.Null(), Type.Object({ requestId: Type.Optional(Id) })]);

/* ---- the clerk ---- */

/** `POST /api/queue/choose` → `QueueView`: calls this ticket out of turn; the reason is logged. Own people who are aside need none. */
export const Choice = Type.Object({ ticketId: Id, reason: Type.Optional(Key) });

/** `POST /api/window/open|resume|last-client|close` (no body), `…/pause` with this, all → `QueueView`. */
export const Pause = Type.Object({ reason: Key, minutes: Minutes });

/** `POST /api/tickets/{id}/hold` → `QueueView`. It returns by itself after so many minutes; for papers only when called or brought back. */
export const Hold = Type.Object({
  why: Type.Union([Type.Literal('pause'), Type.Literal('papers')]),
  minutes: Minutes,
});
/** `POST /api/tickets/{id}/transfer` → `QueueView`; without a service it stays the same one. */
export const Transfer = Type.Object({
  serviceId: Type.Optional(Key),
  window: Type.Optional(Window),
  comesBack: Type.Boolean(),
});
/** `POST /api/tickets/{id}/add-service` → `QueueView`; it is served after those that the ticket has. */
export const AddService = Type.Object({ requestId: Id, serviceId: Key });
/** `POST /api/tickets/{id}/comment` → `QueueView`; stays on the box and is forgotten after the day. */
export const Comment = Type.Object({ requestId: Id, words: Words });
/* `POST /api/tickets/{id}/back` → `QueueView`: who is aside waits again at the old place. */

/** What a clerk sees of the own window. */
export interface WindowView {
  window: string;
  state: 'closed' | 'open' | 'paused' | 'last-client';
  clerk: string | null;
  since: string | null;
  pause: { reason: string; until: string | null } | null;
}

/** Further members of `QueueLine`. */
export interface LineDetails {
  purpose: Purpose;
  privilege: string | null;
  /** When this person should be called at the latest; the line is sorted by it. */
  dueAt: string;
  /** Services after this one. */
  more: { serviceId: string; title: Text }[];
  /** Only this window is to call: a transfer, or the way back from one. */
  forWindow: string | null;
  comments: { by: string; at: string; words: string }[];
  /** How often it was missed and came back. */
  returns: number;
}
export interface AsideLine extends LineDetails {
  ticketId: string;
  number: string;
  serviceTitle: Text;
  state: 'held' | 'waiting-for-papers';
  window: string;
  since: string;
  /** Returns by itself then. */
  until: string | null;
}
/** Further members of `QueueView`. */
export interface QueueDetails {
  window: WindowView | null;
  /** Put aside by this window. */
  aside: AsideLine[];
  /** Whether this clerk's skills fit anybody in line. */
  canCall: boolean;
  /** The line as this window would call it: ids, the next one first; others than these it does not serve. */
  callable: string[];
  callsLeft: number;
  reasons: { id: string; title: Text }[];
  pauseReasons: { id: string; title: Text }[];
  messages: { id: string; at: string; words: string }[];
  windows: { window: string; state: WindowView['state'] }[];
}

/** `GET /api/tickets/{id}/why?before={other id}` (clerk, hall administrator): why this one was called when the other waited. */
export const WhyQuery = Type.Object({ before: Id });
export interface CallExplanation {
  number: string;
  before: string;
  window: string;
  calledAt: string;
  reason: CallReason;
  /** What was compared, when both could have been called: by when each had to be, at the latest. */
  due: { number: string; takenAt: string; allowedMinutes: number; dueAt: string; delayMinutes: number }[];
  ru: string;
  en: string;
}
export type CallReason =
  | 'due-earlier' // by the rule: its time came first
  | 'taken-earlier' // same time, earlier number
  | 'chosen' // the clerk chose it and gave a reason
  | 'not-served-here' // the clerk of that window does not serve the other one's service
  | 'kept-for-window' // the other one was to go to a particular window
  | 'own-person' // it was at this window already and came back
  | 'not-waiting' // the other one was not waiting at that moment
  | 'not-before'; // it was not called before the other one

/* ---- the hall administrator (role `hall`) ---- */

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
