import type { Log } from '../../platform/log.ts';
import { hashFact } from '../../protocol/chain.ts';
import type { JudgeFact, KnownFact } from '../../protocol/facts.ts';
import type { Storage, Transaction } from '../storage/storage.ts';
import type { FactRow } from '../storage/tables.ts';
import type { Updated } from '../storage/update-rows.ts';
import { type Beyond, numbersBeyond } from './beyond.ts';
import { toFact } from './fact-rows.ts';
import { type Arrival, type Arrivals, type Stream, streamKey } from './inbox.ts';
import { createJournalJudge, type JournalJudgeParts } from './journal-judge.ts';
import type { LedgerSql } from './ledger-sql.ts';
import { createProjections, type Passed, type Spares } from './projections.ts';

/** A journal whose row this transaction holds. */
export interface Held extends Stream {
  stored: number;
  up_to: number;
  last_hash: string;
}

/** What a transaction that holds journals knows of them besides. */
export interface Around {
  beyond: Beyond;
  /** Those with buried facts. */
  buried: readonly Stream[];
  /** Those with facts that wait for content. */
  waiting: readonly Stream[];
}

export interface Advanced extends Around {
  /** Journals whose receipt says something new. */
  moved: Stream[];
}

type Ends = Stream & { newest: number | null; buried: number | null; awaited: number | null };

type Place = Stream & { seq: number };
type Next = Pick<Arrival, 'hash' | 'prevHash' | 'known'> | 'dead';

/** What of a journal's row moves. */
const marks: Updated = {
  table: 'streams',
  key: { box: 'text', epoch: 'text' },
  written: { stored: 'bigint', up_to: 'bigint', last_hash: 'text' },
};

/** How much of what waited behind a hole is read at a time. */
const pieceFacts = 512;

/**
 * Moves the watermarks of held journals as far as they go and projects the facts passed on the way.
 * `fresh` are facts of this transaction, which need not be read again. The journals say afterwards where
 * they stand.
 */
export function createAdvance(
  sql: LedgerSql,
  parts: JournalJudgeParts & { storage: Storage; log: Log; judge: JudgeFact; spares?: Spares | undefined },
) {
  const { troubles, log, judge } = parts;
  const judgeJournal = createJournalJudge(sql, parts);
  const project = createProjections(parts.storage.words, parts.spares);

  /** Goes on with one journal as far as the next number is known; says where its chain does not hold. */
  function walk(held: Held, known: ReadonlyMap<number, Next>, passed: Passed[]): number[] {
    const broken: number[] = [];
    for (let next = known.get(held.stored + 1); next; next = known.get(held.stored + 1)) {
      held.stored++;
      if (next === 'dead') {
        // A buried fact in between leaves nothing to compare with; the chain is checked again behind it.
        held.last_hash = '';
        continue;
      }
      if (held.last_hash !== '' && next.prevHash !== held.last_hash) broken.push(held.stored);
      held.last_hash = next.hash;
      if (next.known) passed.push({ box: held.box, fact: next.known });
    }
    return broken;
  }

  /** What was in the database before and comes next in these journals. */
  async function readOn(transaction: Transaction, journals: readonly Held[]) {
    const pieces = JSON.stringify(
      journals.map(({ box, epoch, stored }) => ({ box, epoch, seq: stored + 1, last: stored + pieceFacts })),
    );
    const known = new Map(journals.map(held => [streamKey(held), new Map<number, Next>()]));
    const dead = await transaction.run<Place>(sql.deadFrom, pieces);
    for (const place of dead) known.get(streamKey(place))?.set(place.seq, 'dead');
    // A number can be both: a second fact came with it. Then the first one counts.
    for (const row of await transaction.run<FactRow>(sql.factsFrom, pieces))
      known.get(streamKey(row))?.set(row.seq, nextOf(row, judge));
    return known;
  }

  return async function advance(
    transaction: Transaction,
    journals: readonly Held[],
    fresh: Arrivals,
  ): Promise<Advanced> {
    const before = new Map(journals.map(held => [streamKey(held), held.up_to]));
    const given = JSON.stringify(journals.map(({ box, epoch }) => ({ box, epoch })));
    const ends = new Map(
      (await transaction.run<Ends>(sql.ends, given)).map(journal => [streamKey(journal), journal]),
    );
    const last = (held: Held) => {
      const { newest, buried } = ends.get(streamKey(held)) ?? {};
      return Math.max(newest ?? 0, buried ?? 0);
    };
    const passed: Passed[] = [];
    const beyond = new Map<string, readonly number[]>();
    let known: ReadonlyMap<string, ReadonlyMap<number, Next>> = fresh;
    for (let moving = journals; moving.length > 0; ) {
      for (const held of moving)
        for (const seq of walk(held, known.get(streamKey(held)) ?? new Map(), passed)) {
          await troubles.raise('journal.chain-broken', held.box, { seq }, transaction);
          log.error({ box: held.box, epoch: held.epoch, seq }, 'hash chain of a box does not hold');
        }
      // What comes next may have been stored before, behind a hole that is filled now.
      const behind = moving.filter(held => held.stored < last(held));
      const further: Beyond = behind.length > 0 ? await numbersBeyond(sql, transaction, behind) : new Map();
      for (const held of moving) beyond.set(streamKey(held), further.get(streamKey(held)) ?? []);
      moving = moving.filter(held => further.get(streamKey(held))?.[0] === held.stored + 1);
      if (moving.length > 0) known = await readOn(transaction, moving);
    }
    for (const { box, fact } of passed) if (isOfJournal(fact)) await judgeJournal(transaction, box, fact);
    await project(transaction, passed);
    const has = (member: 'buried' | 'awaited') => [...ends.values()].filter(each => each[member] !== null);
    const moved = await move(transaction, journals, before, ends);
    return { moved, beyond, buried: has('buried'), waiting: has('awaited') };
  };

  async function move(
    transaction: Transaction,
    journals: readonly Held[],
    before: ReadonlyMap<string, number>,
    ends: ReadonlyMap<string, Ends>,
  ) {
    for (const held of journals)
      held.up_to = Math.min(
        held.stored,
        (ends.get(streamKey(held))?.awaited ?? Number.POSITIVE_INFINITY) - 1,
      );
    await transaction.updateRows(marks, journals);
    return journals
      .filter(held => held.up_to !== before.get(streamKey(held)))
      .map(({ box, epoch }) => ({ box, epoch }));
  }
}

const isOfJournal = ({ type }: KnownFact) => type.startsWith('journal.') || type.startsWith('downlink.');

function nextOf(row: FactRow, judge: JudgeFact): Next {
  const fact = toFact(row);
  const known = judge(fact) === 'known' ? (fact as KnownFact) : undefined;
  return { hash: hashFact(fact), prevHash: fact.prevHash, known };
}
