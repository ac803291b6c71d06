import Type, { type Static } from 'typebox';
import { Id } from './values.ts';

/**
 * What a scanner or card reader read, as it reaches the page of the place that the device belongs to:
 * `event: reading`, `data: Reading` on `GET /api/live`. A clerk's page hears those of the clerk's window while
 * somebody is logged in there; a kiosk (`/api/live?place=kiosk`, on the box itself or with the kiosk's key) hears
 * tickets and appointments alone, since whoever stands before it is not known.
 */
export interface Reading {
  /** Id of the device; technicians know it by the same. */
  device: string;
  /** A window of the branch, or `kiosk`. */
  place: string;
  read: CodeRead | CardRead;
}

/** Of what a code or a card may say; a PDF417 holds 2,710 characters at most. */
const Words = Type.String({ maxLength: 4096 });
const Name = Type.String({ minLength: 1, maxLength: 64 });
/** Named as on a scanned page. */
const Fields = Type.Array(Type.Object({ name: Name, value: Words }), { maxItems: 100 });

/** A code by what it means. Texts are bounded and free of control characters. */
export const CodeRead = Type.Union([
  Type.Object({ kind: Type.Literal('ticket'), ticketId: Id }),
  Type.Object({ kind: Type.Literal('appointment'), code: Name }),
  /** Fields of a payment form (ГОСТ Р 56042-2014) or a bare УИН. */
  Type.Object({ kind: Type.Literal('payment'), fields: Fields }),
  /** Elements of a GS1 code by their application identifier, in their order. */
  Type.Object({
    kind: Type.Literal('gs1'),
    elements: Type.Array(Type.Object({ ai: Name, value: Words }), { maxItems: 100 }),
  }),
  /** A document's own code: PDF417, as identity papers carry it. */
  Type.Object({ kind: Type.Literal('pdf417'), text: Words }),
  Type.Object({ kind: Type.Literal('text'), text: Words }),
]);
export type CodeRead = Static<typeof CodeRead>;

export const CardIdentity = Type.Object({
  /** Id of the card profile that read it. */
  profile: Name,
  /** `full-name`, `birth-date`, `snils`, `card-number`. */
  fields: Fields,
});
export type CardIdentity = Static<typeof CardIdentity>;

/** A card that came into the field of a reader or into its slot, or left it. */
export const CardRead = Type.Union([
  Type.Object({
    kind: Type.Literal('card'),
    /** Hex, upper case; null for a reader that tells only the number. */
    atr: Type.Union([Words, Type.Null()]),
    /** Hex, upper case; null for a contact card. */
    uid: Type.Union([Words, Type.Null()]),
    /** Whose card it is, when a profile knows this kind of card. */
    identity: Type.Union([CardIdentity, Type.Null()]),
  }),
  Type.Object({ kind: Type.Literal('card-gone') }),
]);
export type CardRead = Static<typeof CardRead>;

/** Kinds that a screen in the hall may hear: they name nobody. */
export function isForEverybody({ read }: Reading): boolean {
  return read.kind === 'ticket' || read.kind === 'appointment';
}
