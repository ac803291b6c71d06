import { boardWords } from './board.ts';
import { bookingWords } from './booking.ts';
import { commonWords } from './common.ts';
import { kioskWords } from './kiosk.ts';
import { ticketWords } from './ticket.ts';

/** What the public sees: the pages that are offered in more languages than two. */
export const publicWords = { ...commonWords, ...kioskWords, ...bookingWords, ...boardWords, ...ticketWords };

export type PublicPhraseKey = keyof typeof publicWords;
