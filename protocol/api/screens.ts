import Type, { type Static } from 'typebox';
import { Key, type Text } from '../values.ts';

/*
 * What the public screens (kiosk, board, phone) ask of a box besides the queue. Nobody logs in; nothing
 * here tells who a person is.
 */

/** `GET /api/screens` */
export interface ScreensView {
  /** Names of languages in the order in which they are offered; the first is the one a screen begins with. */
  languages: string[];
  /** Whether visits can be booked here; otherwise screens hide everything about them. */
  appointments: boolean;
  /** Whether the box can speak (`GET /api/speech`). */
  voice: boolean;
  /** Pictures and films for the boards, in the order of their names. */
  media: MediaView[];
}
export interface MediaView {
  url: string;
  kind: 'picture' | 'film';
}

/**
 * `GET /api/speech?text-id=screen.start&language=ru` → WAV. Only texts that the box knows, never a text of the
 * asker's: `screen.{name}`, `category.{id}`, `service.{id}`, `papers.{id}`, `ticket.{id}`, `call.{number}` (of those on the board).
 */
export const SpeechQuery = Type.Object({
  'text-id': Type.String({ pattern: '^[a-z]+\\.[a-zА-ЯЁ0-9.-]{1,64}$' }),
  language: Type.Optional(Key),
});

/**
 * `POST /api/case-status` → `CaseStatusView` (KEM-14). `number` is the whole number of the case or its last
 * digits, `code` the digits that the clerk gave. Refusals `case.wrong-check-code`, `case.check-locked`.
 */
export const CaseStatusWish = Type.Object({
  number: Type.String({ minLength: 1, maxLength: 40 }),
  code: Type.String({ pattern: '^[0-9 ]{6,9}$' }),
});
export type CaseStatusWish = Static<typeof CaseStatusWish>;

export interface CaseStatusView {
  number: string;
  /** Six digits: number and code together open this page anywhere. */
  code: string;
  serviceTitle: Text;
  agency: Text;
  state: 'open' | 'sent' | 'in-agency' | 'result-ready' | 'handed-out' | 'refused';
  openedAt: string;
  sentAt: string | null;
  resultAt: string | null;
  handedOutAt: string | null;
  normWorkingDays: number;
}

/** `GET /api/tickets/{id}/cases` → `CaseStatusView[]`: whoever holds the ticket's address needs no code. */
