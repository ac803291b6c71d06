import Type from 'typebox';
import type { Purpose } from '../hall-rules.ts';
import { Id, Key, type Text } from '../values.ts';

/* The queue as a clerk sees it, and what the clerk does with it. */

export const Window = Type.String({ minLength: 1, maxLength: 8 });
export const Words = Type.String({ minLength: 1, maxLength: 500 });
export const Minutes = Type.Union([Type.Integer({ minimum: 1, maximum: 24 * 60 }), Type.Null()]);

/** `GET /api/queue` (clerk) */
export interface QueueView {
  now: string;
  waiting: QueueLine[];
  /** The ticket at this clerk's window. */
  mine:
    | (QueueLine & {
        state: 'called' | 'serving';
        calledAt: string;
        calls: number;
        servingSince: string | null;
        caseId: string | null;
      })
    | null;
  served: number;
  normMinutes: number;
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

export interface QueueLine extends LineDetails {
  ticketId: string;
  number: string;
  serviceId: string;
  serviceTitle: Text;
  /** Since when the person waits. */
  waitingSince: string;
  /** Set when a power cut left the print in doubt. */
  doubtful: boolean;
}

/** What a clerk sees of the own window. */
export interface WindowView {
  window: string;
  state: 'closed' | 'open' | 'paused' | 'last-client';
  clerk: string | null;
  since: string | null;
  pause: { reason: string; until: string | null } | null;
}

/** What every list of people says of each. */
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

/*
 * `POST /api/queue/next` → `QueueView`; refusals `queue.nobody-waiting`, `queue.window-busy`.
 * `POST /api/tickets/{id}/recall|came|no-show|finish` → `QueueView`
 */

/**
 * `POST /api/tickets/{id}/finish|recall` → `QueueView`, `POST /api/hall/tickets/{id}/reprint` → `HallLive`,
 * all also without a body. The same request twice is done once, as it is wherever a `requestId` is sent.
 */
export const Repeatable = Type.Union([Type.Null(), Type.Object({ requestId: Type.Optional(Id) })]);

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
