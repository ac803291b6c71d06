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
import { EachRow } from './insert-new.ts';
import { refuseInsideTransaction } from './storage.ts';

/** Statements kept prepared; beyond that the oldest is dropped, for a query may be built in many shapes. */
const keptStatements = 500;

/** Kysely over `node:sqlite`: one connection, given to one transaction or statement at a time. */
export function sqliteDialect(db: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: query => new SqliteIntrospector(query),
    createDriver: () => driverOf(db),
  };
}

function driverOf(db: DatabaseSync): Driver {
  const connection = connectionOf(db);
  const waiting: (() => void)[] = [];
  let taken = false;
  return {
    init: async () => {},
    async acquireConnection() {
      refuseInsideTransaction();
      if (taken) await new Promise<void>(resolve => waiting.push(resolve));
      taken = true;
      return connection;
    },
    async releaseConnection() {
      const next = waiting.shift();
      // Handed over without being free in between, so that nobody overtakes.
      if (next) next();
      else taken = false;
    },
    beginTransaction: async () => db.exec('begin immediate'),
    commitTransaction: async () => db.exec('commit'),
    async rollbackTransaction() {
      // A full disk makes SQLite roll back by itself; the first error must stay the one that is seen.
      if (db.isTransaction) db.exec('rollback');
    },
    destroy: async () => db.close(),
  };
}

function connectionOf(db: DatabaseSync): DatabaseConnection {
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

  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const { statement, reads } = prepare(sql);
      const [each] = parameters;
      if (each instanceof EachRow)
        return { rows: each.rows.map(row => statement.run(...(row as SQLInputValue[]))) as Row[] };
      const values = parameters as SQLInputValue[];
      if (reads) return { rows: statement.all(...values) as Row[] };
      const { changes } = statement.run(...values);
      return { rows: [], numAffectedRows: BigInt(changes) };
    },
    streamQuery() {
      throw new Error('nothing is streamed from SQLite');
    },
  };
}
