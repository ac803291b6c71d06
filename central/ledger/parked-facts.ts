import type { JudgeFact, KnownFact } from '../../protocol/facts.ts';
import type { Storage, Transaction } from '../storage/storage.ts';
import { tableOf } from '../storage/table-columns.ts';
import type { FactRow } from '../storage/tables.ts';
import type { Held } from './advance.ts';
import { toFact } from './fact-rows.ts';
import type { Arrivals, Stream } from './inbox.ts';
import type { LedgerSql } from './ledger-sql.ts';
import { createProjections, type Spares } from './projections.ts';
import type { Troubles } from './troubles.ts';

/**
 * Facts that this version cannot read: stored and receipted like any other, so that those behind them go
 * on, and read after an update of the centre (F23). Operators are told, once a day for each type.
 */
export async function parkFacts(
  transaction: Transaction,
  unread: readonly FactRow[],
  troubles: Troubles,
): Promise<void> {
  if (unread.length === 0) return;
  const rows = unread.map(({ box, epoch, seq, type }) => ({ box, epoch, seq, type }));
  await transaction.insertNew(tableOf('parked_facts'), rows);
  const told = new Map(rows.map(row => [`${row.box} ${row.type}`, row]));
  for (const { box, type } of told.values())
    await troubles.raise('sync.facts-parked', box, { type }, transaction);
}

/** Reads parked facts again, one journal after another. */
export function createParkedReader(parts: {
  storage: Storage;
  sql: LedgerSql;
  judge: JudgeFact;
  spares?: Spares | undefined;
  /** Holds the row of a journal to the end of the transaction. */
  hold: (transaction: Transaction, streams: readonly Stream[]) => Promise<Held[]>;
  /** A fact waits for content from now on. */
  awaitContent: (
    transaction: Transaction,
    facts: readonly (Stream & { seq: number; known: KnownFact })[],
  ) => Promise<void>;
  advance: (transaction: Transaction, held: readonly Held[], fresh: Arrivals) => Promise<unknown>;
  judgeJournal: (transaction: Transaction, box: string, fact: KnownFact) => Promise<void>;
}): () => Promise<void> {
  const { storage, sql, judge, hold, awaitContent, advance, judgeJournal } = parts;
  const project = createProjections(storage.words, parts.spares);

  async function readableIn(transaction: Transaction, { box, epoch }: Stream): Promise<FactRow[]> {
    const parked = transaction.query.selectFrom('parked_facts').select(['box', 'epoch', 'seq']);
    const places = await parked.where('box', '=', box).where('epoch', '=', epoch).execute();
    const rows = await transaction.run<FactRow>(sql.factsAt, JSON.stringify(places));
    return rows.filter(row => judge(toFact(row)) === 'known');
  }

  /** All that this box ever said of these subjects, in the order in which it did. */
  async function storyOf(transaction: Transaction, box: string, subjects: string[]): Promise<KnownFact[]> {
    const story = transaction.query
      .selectFrom('facts')
      .innerJoin('streams', joined =>
        joined.onRef('streams.box', '=', 'facts.box').onRef('streams.epoch', '=', 'facts.epoch'),
      )
      .whereRef('facts.seq', '<=', 'streams.stored');
    const own = story.where('facts.box', '=', box).where('facts.subject', 'in', subjects);
    const rows = await own.selectAll('facts').orderBy('streams.begun_at').orderBy('facts.seq').execute();
    return rows.map(toFact).filter(fact => judge(fact) === 'known') as KnownFact[];
  }

  async function readIn(transaction: Transaction, stream: Stream): Promise<void> {
    const { box } = stream;
    const held = await hold(transaction, [stream]);
    const readable = await readableIn(transaction, stream);
    for (const { epoch, seq } of readable) {
      const done = transaction.query.deleteFrom('parked_facts').where('box', '=', box);
      await done.where('epoch', '=', epoch).where('seq', '=', seq).execute();
    }
    // What lies behind a hole has its turn when the hole is filled.
    const passed = readable.filter(({ seq }) => seq <= (held[0]?.stored ?? 0)).map(toFact) as KnownFact[];
    if (passed.length === 0) return;
    await awaitContent(
      transaction,
      passed.map(known => ({ ...stream, seq: known.seq, known })),
    );
    // Its receipt waits for the content from now on, and asks the box for it.
    await advance(transaction, held, new Map());
    for (const fact of passed) await judgeJournal(transaction, box, fact);
    // Later facts were projected without the parked one: the whole story is told again.
    const subjects = [...new Set(passed.map(({ subject }) => subject))];
    const story = await storyOf(transaction, box, subjects);
    await project(
      transaction,
      story.map(fact => ({ box, fact })),
    );
  }

  return async () => {
    const journals = await storage.query
      .selectFrom('parked_facts')
      .select(['box', 'epoch'])
      .distinct()
      .execute();
    for (const stream of journals) await storage.transaction(transaction => readIn(transaction, stream));
  };
}
