import { AppError } from '../../../protocol/app-error.ts';
import type { CardIdentity } from '../../../protocol/readings.ts';
import type { CardProfile, Transmit } from './card-profile.ts';
import { residentCard } from './resident-card.ts';
import { isFine } from './status-word.ts';

export const cardProfiles: readonly CardProfile[] = [residentCard];

/** Asks one profile after another. Throws `card.*` when the card fell silent or left. */
export async function identify(atr: Uint8Array, transmit: Transmit): Promise<CardIdentity | null> {
  for (const profile of cardProfiles) {
    const identity = profile.fits(atr) ? await profile.read(transmit) : null;
    if (identity) return identity;
  }
  return null;
}

const getUid = Uint8Array.of(0xff, 0xca, 0, 0, 0);

/** Number of a contactless card (PC/SC part 3, clause 3.2.2.1.3); null when the reader or card has none. */
export async function readUid(transmit: Transmit): Promise<string | null> {
  try {
    const answer = await transmit(getUid);
    return isFine(answer) && answer.length > 2 ? toHex(answer.subarray(0, -2)) : null;
  } catch (error) {
    // A contact reader may refuse a command that is the reader's own.
    if (error instanceof AppError && error.code === 'card.unreadable') return null;
    throw error;
  }
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
