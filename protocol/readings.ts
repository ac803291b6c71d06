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

/** A code by what it means. Texts are bounded and free of control characters. */
export type CodeRead =
  | { kind: 'ticket'; ticketId: string }
  | { kind: 'appointment'; code: string }
  /** Fields of a payment form (ГОСТ Р 56042-2014) or a bare УИН, named as on a scanned page. */
  | { kind: 'payment'; fields: { name: string; value: string }[] }
  /** Elements of a GS1 code by their application identifier, in their order. */
  | { kind: 'gs1'; elements: { ai: string; value: string }[] }
  /** A document's own code: PDF417, as identity papers carry it. */
  | { kind: 'pdf417'; text: string }
  | { kind: 'text'; text: string };

/** A card that came into the field of a reader or into its slot, or left it. */
export type CardRead =
  | {
      kind: 'card';
      /** Hex, upper case; null for a reader that tells only the number. */
      atr: string | null;
      /** Hex, upper case; null for a contact card. */
      uid: string | null;
      /** Whose card it is, when a profile knows this kind of card. */
      identity: CardIdentity | null;
    }
  | { kind: 'card-gone' };

export interface CardIdentity {
  /** Id of the card profile that read it. */
  profile: string;
  /** Fields named as on a scanned page: `full-name`, `birth-date`, `snils`, `card-number`. */
  fields: { name: string; value: string }[];
}

/** Kinds that a screen in the hall may hear: they name nobody. */
export function isForEverybody({ read }: Reading): boolean {
  return read.kind === 'ticket' || read.kind === 'appointment';
}
