import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import { EachRow } from './insert-new.ts';
import { refuseInsideTransaction } from './storage.ts';
import type { AskThread } from './thread-talk.ts';

/** What is asked of a driver in another thread, by turns: a turn is one statement or one transaction. */
export type DriverQuestion = { turn: number } & (
  | { act: 'run'; sql: string; parameters: readonly unknown[]; each: readonly (readonly unknown[])[] | null }
  | { act: 'begin' | 'commit' | 'rollback' | 'release' }
);

/** A driver whose database is in another thread. */
export function driverInThread(ask: AskThread): Driver {
  const turns = new WeakMap<DatabaseConnection, number>();
  let lastTurn = 0;
  const asked =
    (act: 'begin' | 'commit' | 'rollback' | 'release') =>
    (connection: DatabaseConnection): Promise<void> =>
      ask({ act, turn: turns.get(connection) });

  return {
    init: async () => {},
    async acquireConnection() {
      refuseInsideTransaction();
      const turn = ++lastTurn;
      const connection: DatabaseConnection = {
        executeQuery<Row>({ sql, parameters }: CompiledQuery) {
          const [first] = parameters;
          const each = first instanceof EachRow ? first.rows : null;
          const question = { act: 'run', turn, sql, parameters: each ? [] : parameters, each };
          return ask<QueryResult<Row>>(question);
        },
        streamQuery() {
          throw new Error('nothing is streamed from SQLite');
        },
      };
      turns.set(connection, turn);
      return connection;
    },
    beginTransaction: asked('begin'),
    commitTransaction: asked('commit'),
    rollbackTransaction: asked('rollback'),
    releaseConnection: asked('release'),
    destroy: async () => {},
  };
}

/** Answers the questions of `driverInThread` with a driver that is here. */
export function serveDriver(driver: Driver) {
  /** A turn begins with its first question. */
  const turns = new Map<number, Promise<DatabaseConnection>>();

  return async function answer(question: DriverQuestion): Promise<unknown> {
    const { turn } = question;
    const taken = turns.get(turn);
    if (question.act === 'release') {
      turns.delete(turn);
      return taken && driver.releaseConnection(await taken);
    }
    const taking = taken ?? driver.acquireConnection();
    turns.set(turn, taking);
    const connection = await taking;
    switch (question.act) {
      case 'begin':
        return driver.beginTransaction(connection, {});
      case 'commit':
        return driver.commitTransaction(connection);
      case 'rollback':
        return driver.rollbackTransaction(connection);
      case 'run': {
        const { sql, parameters, each } = question;
        return connection.executeQuery(CompiledQuery.raw(sql, each ? [new EachRow(each)] : [...parameters]));
      }
    }
  };
}
