import type { Log } from '../../platform/log.ts';
import { hashFact } from '../../protocol/chain.ts';
import type { Fact, JudgeFact, KnownFact } from '../../protocol/facts.ts';
import type { Storage, Transaction } from '../storage/storage.ts';
import type { FactRow } from '../storage/tables.ts';
import { toFact } from './fact-rows.ts';
import { type Arrival, placeKey, type Stream, streamKey } from './inbox.ts';
import { createJournalJudge, type JournalJudgeParts } from './journal-judge.ts';
import type { LedgerSql } from './ledger-sql.ts';
import { createProjections, type Passed } from './projections.ts';

/** A journal whose row this transaction holds. */
export interface Held extends Stream {
  stored: number;
  up_to: number;
  last_hash: string;
}

type Place = Stream & { seq: number };

/** How much of what waited behind a hole is read at a time. */
const pieceFacts = 512;

/**
 * Moves the watermarks of held journals as far as they go and projects the facts passed on the way.
 * `fresh` are facts of this transaction, which need not be read again. Resolves with the journals whose
 * receipt says something new.
 */
export function createAdvance(
  sql: LedgerSql,
  parts: JournalJudgeParts & { storage: Storage; log: Log; judge: JudgeFact },
) {
  const { troubles, log, judge } = parts;
  const judgeJournal = createJournalJudge(sql, parts);
  const project = createProjections(parts.storage.words);

  /** Goes on with one journal; false when the next number is not known. */
  async function step(
    transaction: Transaction,
    held: Held,
    known: ReadonlyMap<string, Fact | 'dead'>,
    passed: Passed[],
  ): Promise<boolean> {
    const next = known.get(placeKey({ ...held, seq: held.stored + 1 }));
    if (next === undefined) return false;
    held.stored++;
    if (next === 'dead') {
      // A buried fact in between leaves nothing to compare with; the chain is checked again behind it.
      held.last_hash = '';
      return true;
    }
    if (held.last_hash !== '' && next.prevHash !== held.last_hash) {
      await troubles.raise('journal.chain-broken', held.box, { seq: next.seq }, transaction);
      log.error({ box: held.box, epoch: held.epoch, seq: next.seq }, 'hash chain of a box does not hold');
    }
    held.last_hash = hashFact(next);
    if (judge(next) !== 'known') return true;
    passed.push({ box: held.box, fact: next as KnownFact });
    await judgeJournal(transaction, held.box, next as KnownFact);
    return true;
  }

  /** What was in the database before and comes next in these journals. */
  async function readOn(transaction: Transaction, journals: readonly Held[]) {
    const pieces = JSON.stringify(
      journals.map(({ box, epoch, stored }) => ({ box, epoch, seq: stored + 1, last: stored + pieceFacts })),
    );
    const known = new Map<string, Fact | 'dead'>();
    for (const dead of await transaction.run<Place>(sql.deadFrom, pieces)) known.set(placeKey(dead), 'dead');
    // A number can be both: a second fact came with it. Then the first one counts.
    for (const row of await transaction.run<FactRow>(sql.factsFrom, pieces))
      known.set(placeKey(row), toFact(row));
    return known;
  }

  return async function advance(
    transaction: Transaction,
    journals: readonly Held[],
    fresh: ReadonlyMap<string, Arrival>,
  ): Promise<Stream[]> {
    const before = new Map(journals.map(held => [streamKey(held), held.up_to]));
    const passed: Passed[] = [];
    const arrived = new Map<string, Fact | 'dead'>([...fresh].map(([key, { fact }]) => [key, fact]));
    let known = arrived;
    for (let moving = journals; moving.length > 0; ) {
      for (const held of moving) while (await step(transaction, held, known, passed));
      // What comes next may have been stored before, behind a hole that is filled now.
      const earlier = await readOn(transaction, moving);
      moving = moving.filter(held => earlier.has(placeKey({ ...held, seq: held.stored + 1 })));
      known = new Map([...arrived, ...earlier]);
    }
    await project(transaction, passed);
    return await move(transaction, journals, before);
  };

  async function move(
    transaction: Transaction,
    journals: readonly Held[],
    before: ReadonlyMap<string, number>,
  ) {
    const streams = JSON.stringify(journals.map(({ box, epoch }) => ({ box, epoch })));
    const first = await transaction.run<Place>(sql.firstAwaited, streams);
    const waitsFor = new Map(first.map(row => [streamKey(row), row.seq]));
    for (const held of journals)
      held.up_to = Math.min(held.stored, (waitsFor.get(streamKey(held)) ?? Number.POSITIVE_INFINITY) - 1);
    await transaction.run(sql.move, JSON.stringify(journals));
    return journals
      .filter(held => held.up_to !== before.get(streamKey(held)))
      .map(({ box, epoch }) => ({ box, epoch }));
  }
}
