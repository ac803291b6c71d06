import type { DatabaseSync } from 'node:sqlite';

export interface HallWords {
  id: string;
  /** A comment on a ticket, or a message of the hall administrator. */
  kind: 'comment' | 'message';
  /** The ticket; the window, or `*` for all. */
  subject: string;
  /** Business day on which it was said. */
  day: string;
  by: string;
  at: string;
  words: string;
}

/**
 * What people write to each other about visitors. It may hold personal data, so it is neither a fact nor a
 * blob: it lies in a table of its own on the box, never travels, and is forgotten with the day (ADR 41).
 */
export interface HallWordsStore {
  /** To be written in the transaction of the fact that says who spoke. */
  keep(words: HallWords): void;
  comments(ticketId: string): HallWords[];
  /** Messages of a day to a window, the newest first. */
  messages(day: string, window: string): HallWords[];
  /** Forgets what was said before a day. */
  forgetBefore(day: string): void;
}

export function openHallWords(db: DatabaseSync): HallWordsStore {
  const insert = db.prepare(
    'insert into hall_words (id, kind, subject, day, said_by, at, words) values (?, ?, ?, ?, ?, ?, ?)',
  );
  const columns = 'id, kind, subject, day, said_by as by, at, words';
  const comments = db.prepare(
    `select ${columns} from hall_words where subject = ? and kind = 'comment' order by rowid`,
  );
  const messages = db.prepare(
    `select ${columns} from hall_words where subject in (?, '*') and kind = 'message' and day = ? order by rowid desc limit 20`,
  );
  const forget = db.prepare('delete from hall_words where day < ?');
  return {
    keep: ({ id, kind, subject, day, by, at, words }) =>
      void insert.run(id, kind, subject, day, by, at, words),
    comments: ticketId => comments.all(ticketId) as unknown as HallWords[],
    messages: (day, window) => messages.all(window, day) as unknown as HallWords[],
    forgetBefore: day => void forget.run(day),
  };
}
