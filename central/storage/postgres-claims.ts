import pg from 'pg';
import { translated } from './postgres-errors.ts';
import type { Claim } from './storage.ts';

/**
 * Claims as advisory locks of one connection kept for them: PostgreSQL gives them up by itself when the
 * process dies. When the connection breaks, others may claim while work here is still under way.
 */
export function openClaims(options: pg.ClientConfig, onBroken: (error: Error) => void) {
  let connection: Promise<pg.Client> | undefined;
  const claimed = new Set<string>();

  function connected(): Promise<pg.Client> {
    if (connection) return connection;
    const client = new pg.Client(options);
    const forget = () => {
      if (connection === made) connection = undefined;
      claimed.clear();
    };
    client.on('error', onBroken);
    client.on('end', forget);
    const made = client.connect().then(
      () => client,
      (error: unknown) => {
        forget();
        throw error;
      },
    );
    connection = made;
    return made;
  }

  /** One connection takes one statement at a time. */
  let turn: Promise<unknown> = Promise.resolve();
  async function ask(sql: string, name: string): Promise<boolean> {
    const answer = turn.then(async () => (await connected()).query<{ done: boolean }>(sql, [name]));
    turn = answer.catch(() => undefined);
    const { rows } = await translated(answer);
    return rows[0]?.done === true;
  }

  return {
    async claim(name: string): Promise<Claim | undefined> {
      // The lock itself would be given to the same connection again and again.
      if (claimed.has(name)) return undefined;
      claimed.add(name);
      try {
        if (!(await ask('select pg_try_advisory_lock(hashtextextended($1, 1)) as done', name))) {
          claimed.delete(name);
          return undefined;
        }
      } catch (error) {
        claimed.delete(name);
        throw error;
      }
      const held = connection;
      return {
        async release() {
          // On a new connection there is nothing to release.
          if (held !== connection) return;
          await ask('select pg_advisory_unlock(hashtextextended($1, 1)) as done', name);
          claimed.delete(name);
        },
      };
    },
    async close() {
      const closing = connection;
      connection = undefined;
      const client = await closing?.catch(() => undefined);
      await client?.end();
    },
  };
}
