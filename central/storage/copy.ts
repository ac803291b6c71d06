import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '../../protocol/app-error.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import type { Inserted } from './insert-new.ts';
import { postgresWords } from './sql-words.ts';
import type { Storage } from './storage.ts';
import { everyTable } from './table-columns.ts';

/** What a table holds: how many rows, and a sum over the digests of each, whatever their order. */
export interface Contents {
  table: string;
  rows: number;
  digest: string;
}

export interface Compared extends Contents {
  equal: boolean;
}

const pieceRows = 2000;

/**
 * Copies every table into a database that holds none of ours yet, and reads both again to compare them.
 * Nobody may write to either meanwhile. Throws `setup.bad-configuration` when the target is not empty.
 */
export async function copyStorage(from: Storage, to: Storage): Promise<Compared[]> {
  for (const { table } of everyTable)
    if ((await to.query.selectFrom(table).select(sql`1`.as('one')).limit(1).execute()).length > 0)
      throw new AppError('setup.bad-configuration', { what: `the target is not empty: ${table}` });
  for (const each of everyTable) {
    for await (const rows of piecesOf(from, each)) await to.insertNew(each, rows);
    if (each.numbered && to.words === postgresWords)
      await to.run(
        `select setval(pg_get_serial_sequence('${each.table}', 'number'), coalesce(max(number), 0) + 1, false) from ${each.table}`,
      );
  }
  const compared: Compared[] = [];
  for (const each of everyTable) {
    const [source, copy] = [await contentsOf(from, each), await contentsOf(to, each)];
    compared.push({ ...source, equal: source.rows === copy.rows && source.digest === copy.digest });
  }
  return compared;
}

async function contentsOf(storage: Storage, into: Inserted): Promise<Contents> {
  let rows = 0;
  let sum = 0n;
  for await (const piece of piecesOf(storage, into))
    for (const row of piece) {
      rows++;
      sum += BigInt(`0x${createHash('sha256').update(canonicalJson(row)).digest('hex')}`);
    }
  const digest = BigInt.asUintN(256, sum).toString(16).padStart(64, '0');
  return { table: into.table, rows, digest };
}

/** Rows in the order of their key, from where the last piece ended. */
async function* piecesOf(storage: Storage, { table, columns, key }: Inserted): AsyncGenerator<object[]> {
  const names = Object.keys(columns).join(', ');
  const order = `order by ${key.join(', ')} limit ${pieceRows}`;
  const places = key.map((name, index) => storage.words.parameter(index + 1, columns[name] ?? 'text'));
  const next = `select ${names} from ${table} where (${key.join(', ')}) > (${places.join(', ')}) ${order}`;
  let rows = await storage.run<Record<string, string | number | null>>(
    `select ${names} from ${table} ${order}`,
  );
  while (rows.length > 0) {
    // Plain objects: SQLite gives its rows no prototype.
    yield rows.map(row => ({ ...row }));
    const last = rows.at(-1) ?? {};
    rows = await storage.run(next, ...key.map(name => last[name] ?? null));
  }
}
