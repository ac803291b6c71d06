import type { CardIdentity } from '../../../protocol/readings.ts';

/** Sends one command and gives the answer with its status word; throws `card.*`. */
export type Transmit = (apdu: Uint8Array) => Promise<Uint8Array>;

/** How to read one kind of personal card. A new kind is a file like `resident-card.ts` and a line in `profiles.ts`. */
export interface CardProfile {
  id: string;
  /** Whether to try it with such a card at all. */
  fits(atr: Uint8Array): boolean;
  /** Whose card it is; null when it is not a card of this kind. Throws `card.*`. */
  read(transmit: Transmit): Promise<CardIdentity | null>;
}
