import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { openGroupCommits } from '../../platform/group-commits.ts';
import { EachRow } from './insert-new.ts';
import { refuseInsideTransaction } from './storage.ts';

/** Pages of indexes are touched at random; each that is not here is read and written more than once. */
const cacheKilobytes = 64 * 1024;
/** Statements kept prepared; beyond that the oldest is dropped, for a query may be built in many shapes. */
const keptStatements = 500;

/** Kysely over SQLite, wherever the driver has it. */
export function sqliteDialect(driver: Driver): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: query => new SqliteIntrospector(query),
    createDriver: () => driver,
  };
}

/** The connection for a while: one statement, or one transaction. */
interface Turn extends DatabaseConnection {
  inTransaction: boolean;
  wrote: boolean;
  /** What went wrong last. */
  failure: unknown;
  over: boolean;
}

/**
 * `node:sqlite` for Kysely: one connection, given to one transaction or statement at a time. Whoever is done
 * gives it on and then waits for the disk, so that many share one flush.
 */
export function sqliteDriver(db: DatabaseSync): Driver {
  db.exec(`pragma cache_size = -${cacheKilobytes}`);
  const commits = openGroupCommits(db);
  const execute = executorOf(db);
  const waiting: (() => void)[] = [];
  let taken = false;

  function giveOn(turn: Turn): void {
    if (turn.over) return;
    turn.over = true;
    const next = waiting.shift();
    // Handed over without being free in between, so that nobody overtakes.
    if (next) next();
    else taken = false;
  }

  function run<Row>(turn: Turn, query: CompiledQuery): QueryResult<Row> {
    try {
      return execute<Row>(query);
    } catch (error) {
      turn.failure = error;
      throw error;
    }
  }

  /** A statement outside a transaction: what it wrote, or only saw, is told when it survives a power cut. */
  async function runAlone<Row>(turn: Turn, query: CompiledQuery): Promise<QueryResult<Row>> {
    if (turn.over) throw new Error('the connection was given on');
    let result: QueryResult<Row>;
    let durable: Promise<void> | undefined;
    if (isRead(query)) {
      result = run<Row>(turn, query);
      durable = commits.settled();
    } else {
      commits.begin();
      try {
        result = run<Row>(turn, query);
      } catch (error) {
        commits.undo(error);
        throw error;
      }
      durable = commits.end({ wrote: true });
    }
    if (durable) {
      giveOn(turn);
      await durable;
    }
    return result;
  }

  function newTurn(): Turn {
    const turn: Turn = {
      ...{ inTransaction: false, wrote: false, failure: undefined, over: false },
      async executeQuery<Row>(query: CompiledQuery) {
        if (!turn.inTransaction) return await runAlone<Row>(turn, query);
        turn.wrote ||= !isRead(query);
        return run<Row>(turn, query);
      },
      streamQuery() {
        throw new Error('nothing is streamed from SQLite');
      },
    };
    return turn;
  }

  return {
    init: async () => {},
    async acquireConnection() {
      refuseInsideTransaction();
      if (taken) await new Promise<void>(resolve => waiting.push(resolve));
      taken = true;
      return newTurn();
    },
    releaseConnection: async turn => giveOn(turn as Turn),
    async beginTransaction(connection) {
      commits.begin();
      (connection as Turn).inTransaction = true;
    },
    async commitTransaction(connection) {
      const turn = connection as Turn;
      turn.inTransaction = false;
      const durable = commits.end({ wrote: turn.wrote });
      giveOn(turn);
      await durable;
    },
    async rollbackTransaction(connection) {
      const turn = connection as Turn;
      // After a commit that failed there is nothing left to undo.
      if (turn.inTransaction) commits.undo(turn.failure);
      turn.inTransaction = false;
    },
    async destroy() {
      await commits.close();
      db.close();
    },
  };
}

/** Everything else may write. */
const isRead = ({ sql }: CompiledQuery) => /^\s*select\b/i.test(sql);

function executorOf(db: DatabaseSync) {
  const prepared = new Map<string, { statement: StatementSync; reads: boolean }>();

  function prepare(sql: string) {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    const made = { statement, reads: statement.columns().length > 0 };
    prepared.set(sql, made);
    const [oldest] = prepared.keys();
    if (prepared.size > keptStatements && oldest !== undefined) prepared.delete(oldest);
    return made;
  }

  return function execute<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
    const { statement, reads } = prepare(sql);
    const [each] = parameters;
    if (each instanceof EachRow)
      return { rows: each.rows.map(row => statement.run(...(row as SQLInputValue[]))) as Row[] };
    const values = parameters as SQLInputValue[];
    if (reads) return { rows: statement.all(...values) as Row[] };
    const { changes } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes) };
  };
}
