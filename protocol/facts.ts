import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Appointment } from './appointments/appointment.ts';
import { hallFactBodies, Window } from './hall-facts.ts';
import { hubFactBodies } from './hub-facts.ts';
import { Blob, Day, ErrorCodeText, Id, Instant, Key, Mark, Seq, Sha256, Turn } from './values.ts';

const Clerk = Key;
/** Written again from a package, after the records of it were lost with a database. */
const Recovered = Type.Optional(Type.Literal(true));

/**
 * What a box may write into its journal, with the body of each. Bodies hold no personal data: what a
 * page says lives in blobs that are named by digest.
 */
export const factBodies = {
  /** The box came up. `recovered` counts tickets whose print was in doubt after a power cut. */
  'box.started': Type.Object({ version: Type.String(), recovered: Type.Integer({ minimum: 0 }) }),
  /**
   * The first fact of a journal that does not go on where another one ended. `previous` is the journal
   * before: how far this box still has it (`upTo`), how far it is known to have been written (`knownUpTo`),
   * and which numbers are gone. `carried` facts of it that the centre had not receipted follow as copies.
   */
  'journal.epoch-begun': Type.Object({
    reason: Type.Union([
      Type.Literal('database-damaged'),
      Type.Literal('database-missing'),
      Type.Literal('restored-from-copy'),
    ]),
    previous: Type.Union([
      Type.Object({ epoch: Id, upTo: Mark, knownUpTo: Mark, lost: Type.Array(Type.Tuple([Seq, Seq])) }),
      Type.Null(),
    ]),
    carried: Mark,
  }),
  /** The box swears to its journal up to a fact (`protocol/checkpoint.ts`). */
  'journal.checkpoint': Type.Object({
    upTo: Seq,
    head: Sha256,
    certificate: Type.String({ maxLength: 8192 }),
    signature: Type.String({ maxLength: 1024 }),
  }),

  ...hallFactBodies,
  ...hubFactBodies,

  /** Booked, moved or cancelled; `by` says by whom, so that the centre knows its own words again. */
  'appointment.put': Appointment,
  'appointment.checked-in': Type.Object({ ticketId: Id }),
  'appointment.missed': Type.Object({ day: Day }),
  /** The paper with its code: `begun`, then `printed`, `failed` or `doubtful`. */
  'appointment.slip': Type.Object({
    version: Type.Integer({ minimum: 1 }),
    outcome: Key,
    code: Type.Optional(ErrorCodeText),
  }),

  'case.opened': Type.Object({
    number: Type.String({ minLength: 1, maxLength: 40 }),
    serviceId: Key,
    ticketId: Id,
    window: Window,
    clerk: Clerk,
    registerVersion: Type.Integer({ minimum: 1 }),
    recovered: Recovered,
  }),
  /**
   * The clerk put pages in order: each of these documents consists of these pages from now on, turned
   * clockwise by so many degrees. One without pages is thrown away. No page of the case gets lost by it.
   * What is larger than a fact may be is told by several of one transaction; between them pages may lie twice.
   */
  'case.pages-arranged': Type.Object({
    documents: Type.Array(
      Type.Object({
        documentId: Id,
        kind: Key,
        pages: Type.Array(Type.Object({ sha256: Sha256, turn: Turn })),
      }),
      { minItems: 1, maxItems: 200 },
    ),
    clerk: Clerk,
  }),
  'document.page-added': Type.Object({
    caseId: Id,
    kind: Key,
    page: Blob,
    index: Type.Integer({ minimum: 0 }),
    source: Type.String({ minLength: 1, maxLength: 200 }),
  }),
  /**
   * A file that is passed on as it came, with the detached signature that came with it. Its pages are pictures
   * for reading; what the clerk signs and what is sent is `original`.
   */
  'document.original-added': Type.Object({
    caseId: Id,
    kind: Key,
    original: Blob,
    signature: Type.Optional(Blob),
    pages: Type.Array(Blob, { maxItems: 200 }),
    clerk: Clerk,
  }),
  'document.discarded': Type.Object({ caseId: Id, clerk: Clerk }),
  'document.recognised': Type.Object({
    caseId: Id,
    pdf: Blob,
    /** Recognised words and found fields, kept on the box only. */
    recognition: Blob,
    characters: Type.Integer({ minimum: 0 }),
    /** Mean confidence of the words, 0–100. */
    confidence: Type.Number({ minimum: 0, maximum: 100 }),
  }),
  'document.recognition-failed': Type.Object({ caseId: Id, code: ErrorCodeText }),
  'document.recognition-restarted': Type.Object({ caseId: Id }),
  /** The clerk looked at the fields; `corrected` counts those changed by hand. */
  'document.fields-confirmed': Type.Object({
    caseId: Id,
    fields: Blob,
    corrected: Type.Integer({ minimum: 0 }),
    clerk: Clerk,
  }),
  'document.signed': Type.Object({
    caseId: Id,
    pdf: Sha256,
    signature: Blob,
    certificateSerial: Type.String(),
    algorithm: Type.String(),
    /** The same clerk's signature over the signature that came with a digital original. */
    companion: Type.Optional(Blob),
    clerk: Clerk,
  }),
  /** The applicant's own signature over the same bytes (KEM-19). */
  'document.applicant-signed': Type.Object({
    caseId: Id,
    pdf: Sha256,
    signature: Blob,
    certificateSerial: Type.String(),
    by: Type.Union([Type.Literal('token'), Type.Literal('file')]),
    clerk: Clerk,
  }),
  'token.pin-refused': Type.Object({
    tokenSerial: Type.String(),
    triesLeft: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    clerk: Clerk,
  }),
  'case.sent': Type.Object({
    packageId: Id,
    package: Blob,
    documents: Type.Array(Type.Object({ documentId: Id, kind: Key, pdf: Sha256, signature: Sha256 })),
    clerk: Clerk,
    recovered: Recovered,
  }),
  /** The centre or the agency said something about the case. `saidAt` is the sayer's own time. */
  'case.status-received': Type.Object({
    status: Key,
    by: Type.Union([Type.Literal('centre'), Type.Literal('agency')]),
    saidAt: Instant,
    code: Type.Optional(ErrorCodeText),
    note: Type.Optional(Type.String({ maxLength: 500 })),
    downSeq: Type.Integer({ minimum: 1 }),
  }),
  'case.result-received': Type.Object({
    result: Blob,
    verdict: Type.Literal('passed'),
    saidAt: Instant,
    downSeq: Type.Integer({ minimum: 1 }),
  }),
  'case.result-refused': Type.Object({
    result: Blob,
    code: ErrorCodeText,
    reason: Type.String({ maxLength: 200 }),
    downSeq: Type.Integer({ minimum: 1 }),
  }),
  'case.paper-copy-made': Type.Object({
    copyNumber: Type.Integer({ minimum: 1 }),
    pdf: Blob,
    result: Sha256,
    pages: Type.Integer({ minimum: 1 }),
    clerk: Clerk,
  }),
  'case.paper-copy-printed': Type.Object({
    copyNumber: Type.Integer({ minimum: 1 }),
    printer: Type.String(),
    jobId: Type.String(),
    clerk: Clerk,
  }),
  'case.result-handed-out': Type.Object({ copyNumber: Type.Integer({ minimum: 1 }), clerk: Clerk }),

  /** The term of the case is over (LED-4.1): so many blobs of it were removed by the centre's act. */
  'case.content-destroyed': Type.Object({ act: Seq, removed: Mark, downSeq: Seq }),

  /**
   * The centre said something that this version cannot read, kept whole and tried again after an update; or
   * named content that the centre has `lost`, and it is applied when that came.
   */
  'downlink.entry-parked': Type.Object({
    log: Id,
    downSeq: Seq,
    entryType: Type.String({ maxLength: 64 }),
    entry: Type.Record(Type.String(), Type.Unknown()),
    lost: Type.Optional(Sha256),
  }),
  /** A parked entry could be read and its facts follow or precede in the same transaction. */
  'downlink.entry-applied': Type.Object({ log: Id, downSeq: Seq }),

  'register.adopted': Type.Object({ version: Type.Integer({ minimum: 1 }), content: Blob }),
  /** The box tells kinds of papers apart by other rules from now on; the blob stays on the box. */
  'kinds.rules-changed': Type.Object({ rules: Blob, technician: Key }),
} as const;

export type FactType = keyof typeof factBodies;
export type FactBody<T extends FactType> = Static<(typeof factBodies)[T]>;

/** What a use case wants written. `subject` is the ticket, case, document or box that the fact is about. */
export type NewFact = { [T in FactType]: { type: T; subject: string; body: FactBody<T> } }[FactType];

/** The envelope of a fact as it travels; the body is checked apart, since an older centre may not know its type. */
export const Fact = Type.Object({
  epoch: Id,
  seq: Seq,
  id: Id,
  type: Type.String({ pattern: '^[a-z-]+\\.[a-z-]+$', maxLength: 64 }),
  at: Instant,
  /** Whether the box trusted its clock when it wrote the fact. */
  clock: Type.Union([Type.Literal('trusted'), Type.Literal('untrusted')]),
  subject: Type.String({ minLength: 1, maxLength: 64 }),
  body: Type.Record(Type.String(), Type.Unknown()),
  /** Digest of the fact before it; 64 zeros for the first of an epoch. */
  prevHash: Sha256,
});
export type Fact = Static<typeof Fact>;

/** A fact whose type and body this version knows. */
export type KnownFact = Omit<Fact, 'type' | 'body'> & NewFact;

const validators = new Map<string, { Check(value: unknown): boolean }>(
  Object.entries(factBodies).map(([type, schema]) => [type, Compile(schema as TSchema)]),
);

const factShape = Compile(Fact);

/** Whether something that arrived is a fact at all, apart from its body. */
export function isFact(value: unknown): value is Fact {
  return factShape.Check(value);
}

/** Whether the type is known and the body has its shape. Unknown types are parked, never dropped (F23). */
export function judgeFact(fact: { type: string; body: unknown }): 'known' | 'unknown-type' | 'malformed' {
  const validator = validators.get(fact.type);
  if (!validator) return 'unknown-type';
  return validator.Check(fact.body) ? 'known' : 'malformed';
}
export type JudgeFact = typeof judgeFact;

/** Digests of the blobs that must be in the centre before the fact may be receipted. */
export function contentOf(fact: { type: string; body: unknown }): Blob[] {
  if (fact.type !== 'case.sent') return [];
  return [(fact.body as FactBody<'case.sent'>).package];
}
