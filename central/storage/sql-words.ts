/** Column types that rows given as JSON may have. */
export type ColumnType = 'text' | 'bigint';

/** The few places where the two databases want different words for the same thing. */
export interface SqlWords {
  /**
   * A table expression over parameter number `parameter`, a JSON array of objects: many rows in one
   * statement, whatever their number (SQLite counts parameters, PostgreSQL plans per statement).
   */
  rows(columns: Record<string, ColumnType>, parameter?: number): string;
  /** The parameter itself. */
  parameter(number: number, type: ColumnType): string;
  /** Ends a select whose rows of table `of` nobody else may change before the transaction ends. */
  forUpdate(of?: string): string;
  /** A member of a text column that holds JSON, as text. */
  member(column: string, ...path: string[]): string;
  /** Ends `create table`. */
  strict: string;
  strictWithoutRowid: string;
  /** Type of a primary key that numbers itself. */
  selfNumbered: string;
  /** Type of whole numbers. */
  whole: string;
  /** Between a `select` in `insert … select` and its `on conflict`. */
  always: string;
}

export const sqliteWords: SqlWords = {
  rows: (columns, parameter = 1) =>
    `(select ${Object.keys(columns)
      .map(name => `value ->> '${name}' as ${name}`)
      .join(', ')} from json_each(?${parameter}))`,
  parameter: number => `?${number}`,
  // One writer at a time: a transaction has the whole database.
  forUpdate: () => '',
  member: (column, ...path) => `json_extract(${column}, '$.${path.join('.')}')`,
  strict: 'strict',
  strictWithoutRowid: 'strict, without rowid',
  selfNumbered: 'integer primary key',
  whole: 'integer',
  // The parser of SQLite takes `on` for a join without it.
  always: 'where true',
};

export const postgresWords: SqlWords = {
  rows: (columns, parameter = 1) =>
    `(select * from json_to_recordset($${parameter}::json) as given(${Object.entries(columns)
      .map(([name, type]) => `${name} ${type}`)
      .join(', ')}))`,
  parameter: (number, type) => `$${number}::${type}`,
  forUpdate: of => (of ? `for update of ${of}` : 'for update'),
  member: (column, ...path) => `(${column}::json #>> '{${path.join(',')}}')`,
  strict: '',
  strictWithoutRowid: '',
  selfNumbered: 'bigint generated always as identity primary key',
  whole: 'bigint',
  always: '',
};
