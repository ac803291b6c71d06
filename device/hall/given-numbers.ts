import type { DatabaseSync } from 'node:sqlite';
import { nextNumbers, reserveFrom, runningNumber, type Series, seriesOf } from '../core/numbering.ts';
import type { Journal } from '../journal/journal.ts';

/** Numbers of a letter that nobody has on a day of the branch: neither given nor leased to a station. */
export interface GivenNumbers {
  /** The first of `count` free numbers in a row. */
  next(day: string, letter: string, count: number): number;
}

/** Keeps the numbers of two days in memory: each is read from the tables once and follows the facts from then on. */
export function followGivenNumbers(db: DatabaseSync, journal: Journal, series: Series | null): GivenNumbers {
  const given = db.prepare(
    'select cast(substr(number, 2) as integer) as n from tickets where day = ? and substr(number, 1, 1) = ?',
  );
  const leased = db.prepare('select last as n from number_leases where day = ? and letter = ?');
  /** Those that the other box of the branch gave are in the line as well. */
  const isOwn = (running: number) =>
    running < reserveFrom && (series === null || seriesOf(running) === series);
  const known = new Map<string, number>();
  const key = (day: string, letter: string) => `${day} ${letter}`;

  function raise(day: string, letter: string, running: number): void {
    const before = known.get(key(day, letter));
    // What nobody asked for yet is read from the tables when somebody does.
    if (before !== undefined && running > before && isOwn(running)) known.set(key(day, letter), running);
  }

  journal.follow({
    apply(fact) {
      if (fact.type === 'ticket.issued')
        raise(fact.body.day, fact.body.number.slice(0, 1), runningNumber(fact.body.number));
      else if (fact.type === 'numbers.leased') raise(fact.body.day, fact.body.letter, fact.body.to);
    },
    reset: () => known.clear(),
  });

  function highest(day: string, letter: string): number {
    const name = key(day, letter);
    let newest = known.get(name);
    if (newest === undefined) {
      const read = [given, leased].flatMap(each => each.all(day, letter) as { n: number }[]);
      newest = read.reduce((most, { n }) => (isOwn(n) ? Math.max(most, n) : most), 0);
      // Letters of a branch are few; days must not pile up.
      if (known.size >= 200) known.clear();
      known.set(name, newest);
    }
    return newest;
  }

  return { next: (day, letter, count) => nextNumbers(highest(day, letter), count, series) };
}
