import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import { insertNewInPostgres } from './insert-new.ts';
import { migrateStorage, type SchemaVersion } from './migrate.ts';
import { openClaims } from './postgres-claims.ts';
import { isRefusal, translated } from './postgres-errors.ts';
import { openNews } from './postgres-news.ts';
import { postgresWords } from './sql-words.ts';
import { createStorage, type Queries, refuseInsideTransaction, type Storage } from './storage.ts';
import type { CentreTables } from './tables.ts';
import { updateRowsInPostgres } from './update-rows.ts';

const connections = 10;
/** Whole numbers and sums of them come as text otherwise; ours never leave the safe range (`Seq`). */
const numbers = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);

/**
 * Opens PostgreSQL by a `postgres://` URL and brings its tables up to date. Several centres may be at it.
 * Throws `setup.bad-configuration` when it would acknowledge before it has written or does not let us in,
 * `internal.database-away`.
 */
export async function openPostgresStorage(url: string, log: Log): Promise<Storage> {
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid, format) => (numbers.has(oid) ? Number : pg.types.getTypeParser(oid, format)),
  };
  const options = { connectionString: url, types, application_name: 'okno-centre', keepAlive: true };
  const pool = new pg.Pool({ ...options, max: connections, connectionTimeoutMillis: 10_000 });
  // Without a listener a broken connection would end the process; the statement on it fails by itself.
  const broken = (error: Error) => log.warn({ reason: error.message }, 'a connection to the database broke');
  pool.on('error', broken);
  pool.on('connect', client => client.on('error', broken));
  const claims = openClaims(options, broken);
  const kysely = new Kysely<CentreTables>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
  const notify = (sql: string, ...parameters: string[]) => storage.run(sql, ...parameters);
  const news = openNews({ options, notify, onBroken: broken });
  const storage = createStorage({
    kysely,
    words: postgresWords,
    insertNew: insertNewInPostgres,
    updateRows: updateRowsInPostgres,
    async lock(queries, names) {
      const lock = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';
      for (const name of names) await queries.run(lock, name);
    },
    claim: claims.claim,
    announce: news.announce,
    onAnnounced: call => void news.onAnnounced(call),
    mayRepeat: isConflict,
    async close() {
      await news.close();
      await claims.close();
      await kysely.destroy();
    },
  });
  try {
    await refuseCarelessness(storage);
    await migrateStorage(storage, version);
  } catch (error) {
    await storage.close();
    if (isRefusal(error))
      throw new AppError('setup.bad-configuration', { what: `PostgreSQL: ${error.message}` });
    throw error;
  }
  return storage;
}

/** Deadlock and serialisation failure: the same transaction goes through when it is repeated. */
const isConflict = (error: unknown) =>
  ['40P01', '40001'].includes((error as { code?: string } | null)?.code ?? '');

async function refuseCarelessness(queries: Queries): Promise<void> {
  const sql =
    "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'server_encoding')";
  for (const { name, setting } of await queries.run<{ name: string; setting: string }>(sql))
    if (setting === 'off' || (name === 'server_encoding' && setting !== 'UTF8'))
      throw new AppError('setup.bad-configuration', { what: `PostgreSQL: ${name} = ${setting}` });
}

const version: SchemaVersion = {
  async read(transaction) {
    await transaction.run('create table if not exists schema_version (version bigint not null)');
    const [row] = await transaction.run<{ version: number }>('select version from schema_version');
    if (row) return row.version;
    await transaction.run('insert into schema_version (version) values (0)');
    return 0;
  },
  write: (transaction, done) => transaction.run('update schema_version set version = $1', done),
};

/** The pool as Kysely wants it: each text is parsed once per connection. */
function preparing(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  function nameOf(text: string): string {
    const known = names.get(text);
    if (known) return known;
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    names.set(text, name);
    return name;
  }
  return {
    async connect() {
      refuseInsideTransaction();
      const client = await translated(pool.connect());
      const query = (text: string, values: readonly unknown[]) =>
        translated(client.query({ name: nameOf(text), text, values: [...values] }));
      // Kysely's own type is overloaded for cursors, which nobody asks for here.
      return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release() };
    },
    end: () => pool.end(),
  };
}
