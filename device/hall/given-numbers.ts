import type { DatabaseSync } from 'node:sqlite';
import type { Journal } from '../journal/journal.ts';

/** The newest number of each letter on a day of the branch. */
export interface GivenNumbers {
  newest(day: string, letter: string): string | undefined;
}

/** Keeps the numbers of one day in memory: each is read from the table once and follows the facts from then on. */
export function followGivenNumbers(db: DatabaseSync, journal: Journal): GivenNumbers {
  const select = db.prepare(
    'select number from tickets where day = ? and substr(number, 1, 1) = ? order by issued_seq desc limit 1',
  );
  let today = '';
  const known = new Map<string, string | undefined>();

  journal.follow({
    apply(fact) {
      if (fact.type !== 'ticket.issued' || fact.body.day !== today) return;
      const { number } = fact.body;
      known.set(number.slice(0, 1), number);
    },
    reset: () => known.clear(),
  });

  return {
    newest(day, letter) {
      if (day !== today) known.clear();
      today = day;
      if (!known.has(letter))
        known.set(letter, (select.get(day, letter) as { number: string } | undefined)?.number);
      return known.get(letter);
    },
  };
}
