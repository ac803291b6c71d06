import type { DatabaseSync } from 'node:sqlite';
import { runningNumber } from '../core/numbering.ts';
import type { Journal } from '../journal/journal.ts';

/** The highest number of each letter that was given, or leased to a station, on a day of the branch; 0 before the first. */
export interface GivenNumbers {
  highest(day: string, letter: string): number;
}

/** Keeps the numbers of two days in memory: each is read from the tables once and follows the facts from then on. */
export function followGivenNumbers(db: DatabaseSync, journal: Journal): GivenNumbers {
  const given = db.prepare(
    'select max(cast(substr(number, 2) as integer)) as n from tickets where day = ? and substr(number, 1, 1) = ?',
  );
  const leased = db.prepare('select max(last) as n from number_leases where day = ? and letter = ?');
  const known = new Map<string, number>();
  const key = (day: string, letter: string) => `${day} ${letter}`;

  function raise(day: string, letter: string, running: number): void {
    const before = known.get(key(day, letter));
    // What nobody asked for yet is read from the tables when somebody does.
    if (before !== undefined && running > before) known.set(key(day, letter), running);
  }

  journal.follow({
    apply(fact) {
      if (fact.type === 'ticket.issued')
        raise(fact.body.day, fact.body.number.slice(0, 1), runningNumber(fact.body.number));
      else if (fact.type === 'numbers.leased') raise(fact.body.day, fact.body.letter, fact.body.to);
    },
    reset: () => known.clear(),
  });

  return {
    highest(day, letter) {
      const name = key(day, letter);
      let highest = known.get(name);
      if (highest === undefined) {
        const read = [given, leased].map(each => (each.get(day, letter) as { n: number | null }).n ?? 0);
        highest = Math.max(...read);
        // Letters of a branch are few; days must not pile up.
        if (known.size >= 200) known.clear();
        known.set(name, highest);
      }
      return highest;
    },
  };
}
