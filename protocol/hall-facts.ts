import Type from 'typebox';
import { HallRules, Skill } from './hall-rules.ts';
import { ToldWait } from './told-wait.ts';
import { Day, ErrorCodeText, Id, Instant, Key, Text } from './values.ts';

const Clerk = Key;
export const Window = Type.String({ minLength: 1, maxLength: 8 });
const Running = Type.Integer({ minimum: 1, maximum: 9_999_999 });

/**
 * Facts of the hall: tickets, windows, the hall as a whole. Members that came later are optional, and values
 * that may become more are keys, so that an older centre still reads what a newer box writes (F23).
 */
export const hallFactBodies = {
  /** A ticket has one number, but may lead to several windows; none of its members says who the person is. */
  'ticket.issued': Type.Object({
    number: Type.String({ minLength: 1, maxLength: 8 }),
    serviceId: Key,
    day: Day,
    /** The kiosk's own id of the wish, so that a repeated request gets the same number. */
    requestId: Id,
    /** `submit` when it is not there. */
    purpose: Type.Optional(Key),
    privilege: Type.Optional(Key),
    /** Further services, in the order in which they are wanted. */
    more: Type.Optional(Type.Array(Key, { maxItems: 9 })),
    /** Digest of the day and the key of a phone or an appointment, to count tickets of one person. */
    holder: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
    /** Given by a station that was alone: the lease of the number, and when the person took it. */
    lease: Type.Optional(Id),
    takenAt: Type.Optional(Instant),
    /** Given by the other box of the branch, and goes on here (ADR 46). */
    adoptedFrom: Type.Optional(Key),
    /** Put in line by the paper in the hand: the box did not know of the number. */
    admittedBy: Type.Optional(Clerk),
    /** What the person was told of the wait; not there when they were to be called at once. */
    told: Type.Optional(ToldWait),
  }),
  /** The person holds the number: printed, read from the screen, or (after a power cut) perhaps printed. */
  'ticket.waiting': Type.Object({
    by: Type.Union([Type.Literal('printed'), Type.Literal('on-screen'), Type.Literal('recovery')]),
  }),
  'ticket.print-failed': Type.Object({ code: ErrorCodeText }),
  /** `rule` says why this one: `due` (the rule of calling), `back` (own person), `chosen` with the clerk's reason. */
  'ticket.called': Type.Object({
    window: Window,
    clerk: Clerk,
    call: Type.Integer({ minimum: 1 }),
    rule: Type.Optional(Key),
    reason: Type.Optional(Key),
  }),
  'ticket.serving': Type.Object({ window: Window, clerk: Clerk }),
  'ticket.no-show': Type.Object({
    window: Window,
    clerk: Clerk,
    automatic: Type.Optional(Type.Literal(true)),
  }),
  'ticket.done': Type.Object({ window: Window, clerk: Clerk }),
  'ticket.abandoned': Type.Object({ reason: Type.String() }),
  /** Put aside by the clerk: for so many minutes, or until papers are brought (`papers`). Its place is kept. */
  'ticket.held': Type.Object({
    window: Window,
    clerk: Clerk,
    why: Key,
    minutes: Type.Union([Type.Integer({ minimum: 1, maximum: 24 * 60 }), Type.Null()]),
  }),
  /**
   * Back in line at the old place: from being aside, or after a no-show. `by`: `timer`, `clerk`, `person`,
   * `administrator`, or `hub` when it comes back from the other box of the branch.
   */
  'ticket.returned': Type.Object({
    by: Key,
    clerk: Type.Optional(Clerk),
    adoptedFrom: Type.Optional(Key),
  }),
  /** Waits anew for another service or window; `comesBack` to this service and window afterwards. */
  'ticket.transferred': Type.Object({
    window: Window,
    clerk: Clerk,
    serviceId: Key,
    toWindow: Type.Union([Window, Type.Null()]),
    comesBack: Type.Boolean(),
  }),
  'ticket.service-added': Type.Object({ serviceId: Key, clerk: Clerk }),
  /** One service of the ticket is done and the next begins: `here`, or in `line` (for a window). */
  'ticket.next-service': Type.Object({
    window: Window,
    clerk: Clerk,
    where: Type.Union([Type.Literal('here'), Type.Literal('line')]),
  }),
  'ticket.cancelled': Type.Object({ by: Key, clerk: Type.Optional(Clerk), reason: Type.Optional(Key) }),
  /** The hall administrator corrected it; what is not there stays. */
  'ticket.changed': Type.Object({
    clerk: Clerk,
    reason: Key,
    serviceId: Type.Optional(Key),
    purpose: Type.Optional(Key),
    privilege: Type.Optional(Type.Union([Key, Type.Null()])),
  }),
  'ticket.reprinted': Type.Object({ clerk: Clerk, copy: Type.Integer({ minimum: 1 }) }),
  /** What was said stays on the box, beside the journal, and only for the day. */
  'ticket.commented': Type.Object({ clerk: Clerk }),

  /** Subject of window facts is the window. */
  'window.opened': Type.Object({ clerk: Clerk }),
  'window.paused': Type.Object({
    clerk: Clerk,
    reason: Key,
    /** How long it is meant to last; the forecast counts with it. */
    minutes: Type.Union([Type.Integer({ minimum: 1, maximum: 24 * 60 }), Type.Null()]),
  }),
  'window.resumed': Type.Object({ clerk: Clerk }),
  /** The person who is there is the last one: the window closes by itself after. */
  'window.last-client': Type.Object({ clerk: Clerk }),
  /** `by`: `clerk`, `last-client`, `administrator`, `day-closed`. */
  'window.closed': Type.Object({ clerk: Clerk, by: Key }),
  /** Subject is the clerk's login. Null: everything, as own work. */
  'clerk.skills-set': Type.Object({
    skills: Type.Union([Type.Array(Skill, { maxItems: 200 }), Type.Null()]),
    by: Clerk,
  }),

  /** Subject is the service: whether the branch gives tickets for it, and how many a day. */
  'service.offered': Type.Object({
    open: Type.Boolean(),
    perDay: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    reason: Key,
    by: Clerk,
  }),
  'announcement.made': Type.Object({
    announcement: Text,
    until: Type.Union([Instant, Type.Null()]),
    by: Clerk,
  }),
  'announcement.ended': Type.Object({ by: Clerk }),

  'hall.rules-adopted': Type.Object({ rules: HallRules }),
  'hall.day-opened': Type.Object({ day: Day, by: Clerk }),
  /** `left`: how many were still in the hall and were given up. */
  'hall.day-closed': Type.Object({ day: Day, by: Clerk, left: Type.Integer({ minimum: 0 }) }),
  /** A message to one window, or to all; its words stay on the box. */
  'hall.clerks-told': Type.Object({ window: Type.Union([Window, Type.Null()]), by: Clerk }),
  /** By somebody at a kiosk; or because of a ticket that a station gave and the hub refused: its number, and why. */
  'hall.administrator-called': Type.Object({
    place: Key,
    number: Type.Optional(Type.String({ minLength: 1, maxLength: 8 })),
    code: Type.Optional(ErrorCodeText),
  }),
  'hall.administrator-came': Type.Object({ by: Clerk }),
  /** Subject is the ticket, or the rating itself when nobody says which visit (decree 1284, KEM-16). */
  'visit.rated': Type.Object({
    requestId: Id,
    marks: Type.Array(Type.Object({ aspect: Key, mark: Type.Integer({ minimum: 1, maximum: 5 }) }), {
      minItems: 1,
      maxItems: 10,
    }),
  }),
  /** Numbers of a letter that only this station gives on that day. Subject is the lease. */
  'numbers.leased': Type.Object({
    station: Key,
    letter: Type.String({ minLength: 1, maxLength: 1 }),
    day: Day,
    from: Running,
    to: Running,
  }),
} as const;
