import Type, { type Static } from 'typebox';
import type { FactType } from './facts.ts';
import { Instant, Mark } from './values.ts';

/** What waits on a box for its way to the centre, the most important first (ADR 12). */
export const outboxClasses = ['documents', 'cases', 'tickets', 'telemetry', 'logs'] as const;
export type OutboxClass = (typeof outboxClasses)[number];
/** Classes outside of the journal: they may be dropped, oldest first (ADR 12). */
export const ObservationClass = Type.Union([Type.Literal('telemetry'), Type.Literal('logs')]);
export type ObservationClass = Static<typeof ObservationClass>;
export type FactClass = Exclude<OutboxClass, ObservationClass>;

const [mib, dayMs] = [1024 ** 2, 86_400_000];

export type OutboxPolicy =
  /** Nothing is dropped; above so many bytes (facts and the content they name) no further paper is taken. */
  | { whenFull: 'refuse-intake'; bytes: number }
  /** Nothing is dropped and nothing refused: a part of the disk is kept free for it. */
  | { whenFull: 'keep' }
  | { whenFull: 'drop-oldest'; bytes: number; ageMs: number };

/** Limits of each class. A month without a link is some 100,000 ticket facts and 5 GB of packages. */
export const outboxPolicies = {
  documents: { whenFull: 'refuse-intake', bytes: 32 * 1024 * mib },
  cases: { whenFull: 'refuse-intake', bytes: 512 * mib },
  tickets: { whenFull: 'keep' },
  telemetry: { whenFull: 'drop-oldest', bytes: 4 * mib, ageMs: 14 * dayMs },
  logs: { whenFull: 'drop-oldest', bytes: 2 * mib, ageMs: 7 * dayMs },
} as const satisfies Record<OutboxClass, OutboxPolicy>;

/** The class of each fact; `tickets` is also the branch's own audit, which is as small. */
export const classOfFact: Record<FactType, FactClass> = {
  'box.started': 'tickets',
  'journal.epoch-begun': 'tickets',
  'journal.checkpoint': 'tickets',
  'register.adopted': 'tickets',
  'kinds.rules-changed': 'tickets',
  'hub.took-over': 'tickets',
  'hub.replaced': 'tickets',

  'appointment.put': 'tickets',
  'appointment.checked-in': 'tickets',
  'appointment.missed': 'tickets',
  'appointment.slip': 'tickets',
  'ticket.issued': 'tickets',
  'ticket.waiting': 'tickets',
  'ticket.print-failed': 'tickets',
  'ticket.called': 'tickets',
  'ticket.serving': 'tickets',
  'ticket.no-show': 'tickets',
  'ticket.done': 'tickets',
  'ticket.abandoned': 'tickets',
  'ticket.held': 'tickets',
  'ticket.returned': 'tickets',
  'ticket.transferred': 'tickets',
  'ticket.service-added': 'tickets',
  'ticket.next-service': 'tickets',
  'ticket.cancelled': 'tickets',
  'ticket.changed': 'tickets',
  'ticket.reprinted': 'tickets',
  'ticket.commented': 'tickets',
  'window.opened': 'tickets',
  'window.paused': 'tickets',
  'window.resumed': 'tickets',
  'window.last-client': 'tickets',
  'window.closed': 'tickets',
  'clerk.skills-set': 'tickets',
  'service.offered': 'tickets',
  'announcement.made': 'tickets',
  'announcement.ended': 'tickets',
  'hall.rules-adopted': 'tickets',
  'hall.day-opened': 'tickets',
  'hall.day-closed': 'tickets',
  'hall.clerks-told': 'tickets',
  'hall.administrator-called': 'tickets',
  'hall.administrator-came': 'tickets',
  'visit.rated': 'tickets',
  'numbers.leased': 'tickets',

  'document.page-added': 'documents',
  'document.original-added': 'documents',
  'document.discarded': 'documents',
  'document.recognised': 'documents',
  'document.recognition-failed': 'documents',
  'document.recognition-restarted': 'documents',
  'document.fields-confirmed': 'documents',
  'document.signed': 'documents',
  'document.applicant-signed': 'documents',
  'case.pages-arranged': 'documents',
  'case.sent': 'documents',

  'downlink.entry-parked': 'cases',
  'downlink.entry-applied': 'cases',
  'token.pin-refused': 'cases',
  'case.opened': 'cases',
  'case.status-received': 'cases',
  'case.result-received': 'cases',
  'case.result-refused': 'cases',
  'case.paper-copy-made': 'cases',
  'case.paper-copy-printed': 'cases',
  'case.result-handed-out': 'cases',
  'case.content-destroyed': 'cases',
};

/** How much of one class waits. `dropped` grows as long as the database lives, `refused` since the program started. */
export const OutboxCounters = Type.Object({
  class: Type.String({ maxLength: 20 }),
  rows: Mark,
  bytes: Mark,
  oldestAt: Type.Union([Instant, Type.Null()]),
  dropped: Mark,
  refused: Mark,
});
export type OutboxCounters = Static<typeof OutboxCounters> & { class: OutboxClass };
