import { AsyncLocalStorage } from 'node:async_hooks';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Inserted, InsertNew } from './insert-new.ts';
import type { SqlWords } from './sql-words.ts';
import type { CentreTables } from './tables.ts';
import type { Updated, UpdateRows } from './update-rows.ts';

/** What can be asked inside and outside a transaction. */
export interface Queries {
  /** Built queries; for everything that is not asked for every message. */
  readonly query: Kysely<CentreTables>;
  /** SQL of the hot paths, written once with `words`; the database keeps it prepared. */
  run<Row = object>(sql: string, ...parameters: (string | number | null)[]): Promise<Row[]>;
  /** Inserts the rows whose key is not there yet, each key once among them, and answers with those. */
  insertNew<Row extends object>(into: Inserted, rows: readonly Row[]): Promise<Row[]>;
  /** Writes into rows that are there, each key once among them; what is not there is left out. */
  updateRows(into: Updated, rows: readonly object[]): Promise<void>;
}

export interface Transaction extends Queries {
  /**
   * Until the end of the transaction no other process is between these names and its end. Everyone takes
   * its names at the beginning of its transaction; a repeat is harmless.
   */
  lock(names: Iterable<string>): Promise<void>;
  /** Called once, after the commit; never after a rollback. */
  afterCommit(then: () => void): void;
}

/** The centre's database: one file on one machine, or PostgreSQL that several centres share. */
export interface Storage extends Queries {
  readonly words: SqlWords;
  /**
   * All of it or nothing; when it resolves, it survives a power cut. `work` awaits nothing but statements
   * of its transaction, and may be run again when the database asks for that (a deadlock).
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * A name that one process in the region holds at a time, until released or until the process or its
   * connection ends. Undefined when somebody else holds it.
   */
  claim(name: string): Promise<Claim | undefined>;
  /** Tells the other processes of the region that something is new here. */
  announce(): void;
  /** Another process announced something, or may have done so unheard. */
  onAnnounced(call: () => void): void;
  close(): Promise<void>;
}

export interface Claim {
  release(): Promise<void>;
}

/** What differs between the databases, apart from words. */
export interface Engine {
  kysely: Kysely<CentreTables>;
  words: SqlWords;
  insertNew: InsertNew;
  updateRows: UpdateRows;
  lock(queries: Queries, names: readonly string[]): Promise<void>;
  claim: Storage['claim'];
  announce: Storage['announce'];
  onAnnounced: Storage['onAnnounced'];
  /** The database gave up on a transaction that would go through when repeated. */
  mayRepeat(error: unknown): boolean;
  close(): Promise<void>;
}

const repeats = 5;
const inside = new AsyncLocalStorage<true>();

/**
 * Throws where a statement outside the transaction is awaited inside one: on SQLite it would wait for
 * ever for the only connection, on PostgreSQL it would not see what the transaction wrote.
 */
export function refuseInsideTransaction(): void {
  if (inside.getStore()) throw new Error('a statement of another connection inside a transaction');
}

export function createStorage(engine: Engine): Storage {
  async function attempt<T>(work: (transaction: Transaction) => Promise<T>) {
    const then: (() => void)[] = [];
    const result = await engine.kysely.transaction().execute(query => {
      const queries = queriesOf(query, engine);
      return inside.run(true, () =>
        work({
          ...queries,
          lock: names => engine.lock(queries, [...new Set(names)].sort()),
          afterCommit: call => then.push(call),
        }),
      );
    });
    return { result, then };
  }

  return {
    ...queriesOf(engine.kysely, engine),
    words: engine.words,
    async transaction(work) {
      for (let turn = 1; ; turn++) {
        try {
          const { result, then } = await attempt(work);
          for (const call of then) call();
          return result;
        } catch (error) {
          if (turn > repeats || !engine.mayRepeat(error)) throw error;
        }
      }
    },
    claim: engine.claim,
    announce: engine.announce,
    onAnnounced: engine.onAnnounced,
    close: engine.close,
  };
}

const queriesOf = (query: Kysely<CentreTables>, engine: Engine): Queries => ({
  query,
  run: async <Row>(sql: string, ...parameters: (string | number | null)[]) =>
    (await query.executeQuery<Row>(CompiledQuery.raw(sql, parameters))).rows,
  insertNew: (into, rows) => engine.insertNew(query, into, rows),
  updateRows: (into, rows) => engine.updateRows(query, into, rows),
});
