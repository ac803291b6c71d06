import type { TicketView } from '../../protocol/api.ts';

/** Digits of an appointment's code. */
export const codeDigits = 10;

export const checkInPath = (code: string): string => `/api/appointments/${code}/check-in`;

/** The ticket, or when the person may come for it. */
export type CheckIn = { ticket: TicketView } | { comeBackAt: string };
