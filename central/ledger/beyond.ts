import type { Queries } from '../storage/storage.ts';
import { type Stream, streamKey } from './inbox.ts';
import type { LedgerSql } from './ledger-sql.ts';

/** Numbers that are here beyond the place up to which a journal is stored, ascending, by its key. */
export type Beyond = ReadonlyMap<string, readonly number[]>;

/** Asks for the numbers beyond these places. */
export async function numbersBeyond(
  sql: LedgerSql,
  queries: Queries,
  journals: readonly (Stream & { stored: number })[],
): Promise<Beyond> {
  const given = JSON.stringify(journals.map(({ box, epoch, stored }) => ({ box, epoch, stored })));
  const beyond = new Map<string, number[]>();
  for (const row of await queries.run<Stream & { seq: number }>(sql.numbersBeyond, given)) {
    const numbers = beyond.get(streamKey(row));
    if (numbers) numbers.push(row.seq);
    else beyond.set(streamKey(row), [row.seq]);
  }
  return beyond;
}
