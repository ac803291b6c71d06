import { deflateRawSync, inflateRawSync } from 'node:zlib';
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppError } from './app-error.ts';
import { Appointment } from './appointments/appointment.ts';
import { limits } from './limits.ts';
import { Blob, Id, Instant, Key, Mark, Seq, Sha256 } from './values.ts';

/** Version of the language between box and centre. Unknown members are kept, never refused (F23). */
export const protocolVersion = 1;

const Version = Type.Integer({ minimum: 1 });
/** Names of types that one side reads. */
const TypeNames = Type.Array(Type.String({ maxLength: 64 }), { maxItems: 500 });
const RangeSchema = Type.Tuple([Seq, Seq]);

/**
 * Box → centre: facts of one epoch in the order of their numbers. Facts are checked one by one on arrival
 * (`judgeFact`), so that a poison fact is put aside alone and never holds up its neighbours (F22).
 */
export const Envelope = Type.Object({
  v: Version,
  epoch: Id,
  facts: Type.Array(Type.Object({ seq: Seq }), {
    minItems: 1,
    maxItems: limits.factsPerEnvelope,
  }),
});
export type Envelope = Static<typeof Envelope>;

/**
 * Centre → box: what is stored for good. `upTo` is cumulative and final: those facts leave the outbox.
 * `stored` may be ahead of it: facts that are safe in the centre but wait for the content they name, so
 * that a long transfer never holds up the tickets behind it. `missing` asks for a resend; `refused` are
 * the newest numbers that were put aside as unreadable and count as received; `wanted` names content waited for.
 */
export const Receipt = Type.Object({
  v: Version,
  epoch: Id,
  upTo: Mark,
  stored: Mark,
  missing: Type.Array(RangeSchema),
  refused: Type.Array(Seq),
  wanted: Type.Array(Sha256),
  /** Digest of fact `stored`: a box that has another one there was put back from a copy (F21). */
  head: Type.Optional(Sha256),
  /** Observations of this epoch that are stored, by class. A centre that does not say it takes none. */
  observations: Type.Optional(Type.Object({ telemetry: Mark, logs: Mark })),
  /** Types of facts that this centre reads; it parks the others. Told after a birth. */
  knows: Type.Optional(TypeNames),
  /** Milliseconds that the newest envelope waited in the centre before this: what is left of its round trip was the line's. */
  heldMs: Type.Optional(Type.Number({ minimum: 0 })),
  /** The centre's clock when it spoke. */
  at: Type.Optional(Instant),
});
export type Receipt = Static<typeof Receipt>;

/** Box → centre when a session begins (Sparkplug's idea; the session number pairs it with the death). */
export const Birth = Type.Object({
  v: Version,
  session: Seq,
  software: Type.String({ maxLength: 40 }),
  epoch: Id,
  oldestSeq: Mark,
  newestSeq: Mark,
  /**
   * The centre's log that the box knows and how far it applied it, with the digest of that entry; a new box
   * knows none (F21).
   */
  heard: Type.Object({
    log: Type.Union([Id, Type.Null()]),
    upTo: Mark,
    digest: Type.Optional(Sha256),
  }),
  registerVersion: Mark,
  clock: Type.Union([Type.Literal('trusted'), Type.Literal('untrusted')]),
  at: Instant,
  peripherals: Type.Array(Type.Object({ id: Type.String(), kind: Type.String(), state: Type.String() })),
  /** Types of downlink entries that this box reads; it parks the others. */
  knows: Type.Optional(TypeNames),
});
export type Birth = Static<typeof Birth>;

/** The box's will, and its own good-bye. */
export const Death = Type.Object({ v: Version, session: Seq });
export type Death = Static<typeof Death>;

/** Centre → box: one entry of the box's downlink log. */
export const DownEntry = Type.Object({
  seq: Seq,
  at: Instant,
  type: Type.String({ pattern: '^[a-z-]+\\.[a-z-]+$' }),
  body: Type.Record(Type.String(), Type.Unknown()),
});
export type DownEntry = Static<typeof DownEntry>;

const downBodies = {
  'register.published': Type.Object({ version: Type.Integer({ minimum: 1 }), content: Blob }),
  'case.status': Type.Object({
    caseId: Id,
    status: Key,
    by: Type.Union([Type.Literal('centre'), Type.Literal('agency')]),
    saidAt: Instant,
    code: Type.Optional(Type.String()),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  }),
  'case.result': Type.Object({ caseId: Id, result: Blob, saidAt: Instant }),
  'appointment.put': Type.Object({ appointmentId: Id, appointment: Appointment }),
  /** The centre's copy is damaged: a box that still has the content brings it again. */
  'content.wanted': Type.Object({ content: Blob }),
  /** The term of a case is over and the centre destroyed its content by this act: the box does the same (LED-4.1). */
  'case.destroyed': Type.Object({ caseId: Id, act: Type.Integer({ minimum: 1 }) }),
} as const;
export type DownType = keyof typeof downBodies;
export const downTypes = Object.keys(downBodies) as DownType[];
export type DownBody<T extends DownType> = Static<(typeof downBodies)[T]>;
export type NewDownEntry = { [T in DownType]: { type: T; body: DownBody<T> } }[DownType];

/** `log` is the id of the centre's log for this box; a restored centre begins a new one. */
export const DownEnvelope = Type.Object({
  v: Version,
  log: Id,
  entries: Type.Array(DownEntry, { minItems: 1, maxItems: limits.factsPerEnvelope }),
});
export type DownEnvelope = Static<typeof DownEnvelope>;

/** Box → centre: entries up to this number are applied on the box for good. */
export const DownReceipt = Type.Object({ v: Version, log: Id, upTo: Mark });
export type DownReceipt = Static<typeof DownReceipt>;

/** Whether the type of an entry is known and its body has its shape; as `judgeFact` for the other way. */
export function judgeDownEntry(entry: DownEntry): 'known' | 'unknown-type' | 'malformed' {
  if (!Object.hasOwn(downBodies, entry.type)) return 'unknown-type';
  return fits(downBodies[entry.type as DownType], entry.body) ? 'known' : 'malformed';
}
export type JudgeDownEntry = typeof judgeDownEntry;

const compiled = new Map<TSchema, { Check(value: unknown): boolean }>();

function fits(schema: TSchema, value: unknown): boolean {
  let validator = compiled.get(schema);
  if (!validator) {
    validator = Compile(schema);
    compiled.set(schema, validator);
  }
  return validator.Check(value);
}

/**
 * JSON of a message, from a kilobyte on compressed (deflate, level 1: three to five times smaller at little
 * cost). A compressed message never begins with the brace of a plain one: that byte would announce
 * (RFC 1951, 3.2.6) a text whose first letter is no brace.
 */
export function encodeMessage(message: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  return text.length < plainBytes ? text : deflateRawSync(text, { level: 1 });
}

const plainBytes = 1024;
const brace = '{'.charCodeAt(0);

/** Reads a message and checks its shape. Throws `internal.bad-request`. */
export function decodeMessage<S extends TSchema>(schema: S, bytes: Uint8Array): Static<S> {
  let value: unknown;
  try {
    value = JSON.parse(textOf(bytes));
  } catch (cause) {
    throw new AppError('internal.bad-request', { what: 'message' }, { cause });
  }
  if (isDeeper(value, limits.messageDepth) || !fits(schema, value))
    throw new AppError('internal.bad-request', { what: 'message shape' });
  return value as Static<S>;
}

function textOf(bytes: Uint8Array): string {
  const plain =
    bytes[0] === brace ? bytes : inflateRawSync(bytes, { maxOutputLength: limits.inflatedMessageBytes });
  return Buffer.from(plain.buffer, plain.byteOffset, plain.length).toString('utf8');
}

function isDeeper(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (depth === 0) return true;
  for (const member of Object.values(value))
    if (typeof member === 'object' && isDeeper(member, depth - 1)) return true;
  return false;
}
