import { appointmentWords } from './words/appointments.ts';
import { archiveWords } from './words/archive.ts';
import { boardWords } from './words/board.ts';
import { bookingWords } from './words/booking.ts';
import { checkWords } from './words/check.ts';
import { clerkWords } from './words/clerk.ts';
import { clerkHallWords } from './words/clerk-hall.ts';
import { clerkPapersWords } from './words/clerk-papers.ts';
import { commonWords } from './words/common.ts';
import { copyWords } from './words/copies.ts';
import { evidenceWords } from './words/evidence.ts';
import { forecastWords } from './words/forecast.ts';
import { hallWords } from './words/hall.ts';
import { historyWords } from './words/history.ts';
import { hubWords } from './words/hub.ts';
import { kioskWords } from './words/kiosk.ts';
import { operatorWords } from './words/operator.ts';
import { readingWords } from './words/reading.ts';
import { technicianWords } from './words/technician.ts';
import { ticketWords } from './words/ticket.ts';
import { ticketEditorWords } from './words/ticket-editor.ts';
import { trainerWords } from './words/trainer.ts';

/** Every word of the pages; a missing key or language does not compile. */
export const dictionary = {
  ...commonWords,
  ...kioskWords,
  ...boardWords,
  ...appointmentWords,
  ...bookingWords,
  ...ticketWords,
  ...checkWords,
  ...clerkWords,
  ...forecastWords,
  ...clerkHallWords,
  ...clerkPapersWords,
  ...hallWords,
  ...historyWords,
  ...hubWords,
  ...operatorWords,
  ...archiveWords,
  ...copyWords,
  ...evidenceWords,
  ...trainerWords,
  ...technicianWords,
  ...readingWords,
  ...ticketEditorWords,
};

export type PhraseKey = keyof typeof dictionary;

export function isPhraseKey(key: string): key is PhraseKey {
  return Object.hasOwn(dictionary, key);
}
