import { CompiledQuery, type Kysely } from 'kysely';
import { EachRow } from './insert-new.ts';
import { type ColumnType, postgresWords } from './sql-words.ts';
import type { CentreTables } from './tables.ts';

/** Rows of a table that are found by `key`, and the columns that are written into them. */
export interface Updated {
  table: keyof CentreTables;
  key: Record<string, ColumnType>;
  written: Record<string, ColumnType>;
}

/** Writes into rows that are there, each key once among them; what is not there is left out. */
export type UpdateRows = (
  query: Kysely<CentreTables>,
  into: Updated,
  rows: readonly object[],
) => Promise<void>;

export const updateRowsInSqlite: UpdateRows = async (query, { table, key, written }, rows) => {
  if (rows.length === 0) return;
  const assigned = (columns: object, between: string) =>
    Object.keys(columns)
      .map(name => `${name} = ?`)
      .join(between);
  const sql = `update ${table} set ${assigned(written, ', ')} where ${assigned(key, ' and ')}`;
  const names = [...Object.keys(written), ...Object.keys(key)];
  const values = rows.map(row => names.map(name => (row as Record<string, unknown>)[name]));
  await query.executeQuery(CompiledQuery.raw(sql, [new EachRow(values)]));
};

export const updateRowsInPostgres: UpdateRows = async (query, { table, key, written }, rows) => {
  if (rows.length === 0) return;
  const sets = Object.keys(written).map(name => `${name} = given.${name}`);
  const found = Object.keys(key).map(name => `${table}.${name} = given.${name}`);
  const sql = `update ${table} set ${sets.join(', ')}
    from ${postgresWords.rows({ ...key, ...written })} as given where ${found.join(' and ')}`;
  await query.executeQuery(CompiledQuery.raw(sql, [JSON.stringify(rows)]));
};
