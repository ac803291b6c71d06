import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { limits } from './limits.ts';
import { ObservationClass, OutboxCounters } from './outbox.ts';
import { Id, Instant, Mark, Seq, Text } from './values.ts';

const Code = Type.String({ pattern: '^[a-z-]+\\.[a-z-]+$', maxLength: 64 });

/** What a box sees of itself, every few minutes and when a device changes its state. */
export const BoxSample = Type.Object({
  clock: Type.Union([Type.Literal('trusted'), Type.Literal('untrusted')]),
  freeBytes: Mark,
  /** Why no documents are taken. */
  intake: Type.Union([Code, Type.Null()]),
  peripherals: Type.Array(
    Type.Object({ id: Type.String(), state: Type.String(), code: Type.Union([Code, Type.Null()]) }),
  ),
  outbox: Type.Array(OutboxCounters),
  /** The line, as receipts tell; null without a connection. */
  link: Type.Union([
    Type.Object({ roundTripMs: Type.Union([Type.Number(), Type.Null()]), windowBytes: Mark, losses: Mark }),
    Type.Null(),
  ]),
  /** Certificates that the box depends on. */
  certificates: Type.Optional(Type.Array(Type.Object({ what: Text, until: Instant }))),
});
export type BoxSample = Static<typeof BoxSample>;

/** A warning of the program. `message` is one of the program's own sentences and holds nobody's data. */
export const LogLine = Type.Object({
  level: Type.Union([Type.Literal('warn'), Type.Literal('error'), Type.Literal('fatal')]),
  message: Type.String({ maxLength: 200 }),
  code: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  /** How often it was said since the line before (F42). */
  times: Type.Integer({ minimum: 1 }),
});
export type LogLine = Static<typeof LogLine>;

/** What a box may observation outside of its journal: it can be lost, and then the loss is counted (ADR 12). */
export type NewObservation =
  | { class: 'telemetry'; type: 'box.sample'; body: BoxSample }
  | { class: 'logs'; type: 'log.line'; body: LogLine };

/** A observation as it travels. Numbers of a class grow; those of dropped observations are left out. */
export const BoxObservation = Type.Object({
  seq: Seq,
  at: Instant,
  type: Type.String({ pattern: '^[a-z-]+\\.[a-z-]+$', maxLength: 64 }),
  body: Type.Record(Type.String(), Type.Unknown()),
});
export type BoxObservation = Static<typeof BoxObservation>;

/** Box → centre: observations of one class. `dropped` counts those that were thrown away before they could be sent. */
export const ObservationEnvelope = Type.Object({
  v: Type.Integer({ minimum: 1 }),
  /** The journal's epoch: numbers begin anew with it. */
  epoch: Id,
  class: ObservationClass,
  dropped: Mark,
  observations: Type.Array(BoxObservation, { minItems: 1, maxItems: limits.observationsPerEnvelope }),
});
export type ObservationEnvelope = Static<typeof ObservationEnvelope>;

const sample = Compile(BoxSample);

/** Whether the body of a `box.sample` has the shape that this version shows. */
export function isBoxSample(body: unknown): body is BoxSample {
  return sample.Check(body);
}
