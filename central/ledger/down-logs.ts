import { randomUUID } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { digestEntry } from '../../protocol/entry-digest.ts';
import type { Birth, DownEntry, NewDownEntry } from '../../protocol/messages.ts';
import type { Queries, Storage, Transaction } from '../storage/storage.ts';

/** What the centre says to each box: a log per box with its own numbers. */
export interface DownLogs {
  append(transaction: Transaction, box: string, entry: NewDownEntry): Promise<void>;
  /** Called after the commit of an append, for the one who sends. */
  onAppend(listener: (box: string) => void): void;
  entries(box: string, after: number, limit: number): Promise<DownEntry[]>;
  log(box: string): Promise<{ log: string; receipted: number }>;
  /**
   * The box applied everything up to this number for good. Another log's id is ignored. A box that began
   * anew says less than before (F21), and the log goes on from there. True when it went back.
   */
  accept(box: string, log: string, upTo: number): Promise<boolean>;
  /**
   * What a box that just connected has of its log. When it heard what is not in ours, our books were put
   * back from a copy: then the log goes on under a new id, which the box hears from its first entry, since
   * numbers above the copy would be given a second time. True when that happened.
   */
  meet(box: string, heard: Birth['heard']): Promise<boolean>;
  /** Whether the box was told of this content and may fetch it. */
  mayFetch(box: string, sha256: string): Promise<boolean>;
  /** Boxes with entries that wait for a receipt. */
  behind(): Promise<string[]>;
}

export function openDownLogs(storage: Storage, clock: Clock): DownLogs {
  const { words } = storage;
  const listeners: ((box: string) => void)[] = [];
  const [box, seq] = [words.parameter(1, 'text'), words.parameter(2, 'bigint')];
  const held = `select log, receipted from down_logs where box = ${box} ${words.forUpdate()}`;
  const next = `select coalesce(max(seq), 0) + 1 as seq from down_entries where box = ${box}`;
  const after = `select seq, at, type, body from down_entries where box = ${box} and seq > ${seq}
    order by seq limit ${words.parameter(3, 'bigint')}`;
  type LogRow = { log: string; receipted: number };

  async function logOf({ query }: Queries, name: string): Promise<LogRow> {
    const found = query.selectFrom('down_logs').select(['log', 'receipted']).where('box', '=', name);
    const row = await found.executeTakeFirst();
    if (row) return row;
    await query
      .insertInto('down_logs')
      .values({ box: name, log: randomUUID() })
      .onConflict(conflict => conflict.doNothing())
      .execute();
    return await found.executeTakeFirstOrThrow();
  }

  async function mark({ query }: Queries, name: string, row: Partial<LogRow>): Promise<void> {
    await query.updateTable('down_logs').set(row).where('box', '=', name).execute();
  }

  /** Whether our log holds what the box heard last. */
  async function holds({ run }: Queries, name: string, { upTo, digest }: Birth['heard']): Promise<boolean> {
    if (upTo === 0) return true;
    const [row] = await run<{ seq: number; at: string; type: string; body: string }>(
      after,
      name,
      upTo - 1,
      1,
    );
    if (row?.seq !== upTo) return false;
    return digest === undefined || digestEntry({ ...row, body: JSON.parse(row.body) }) === digest;
  }

  return {
    async append(transaction, name, entry) {
      await logOf(transaction, name);
      // Held to the end, so that two centres never give one number twice.
      await transaction.run(held, name);
      const [row] = await transaction.run<{ seq: number }>(next, name);
      await transaction.query
        .insertInto('down_entries')
        .values({
          box: name,
          seq: row?.seq ?? 1,
          at: clock.now().toISOString(),
          type: entry.type,
          body: JSON.stringify(entry.body),
          content: contentOf(entry),
        })
        .execute();
      transaction.afterCommit(() => {
        for (const listener of listeners) listener(name);
      });
    },
    onAppend: listener => listeners.push(listener),
    async entries(name, last, limit) {
      const rows = await storage.run<{ seq: number; at: string; type: string; body: string }>(
        after,
        name,
        last,
        limit,
      );
      return rows.map(row => ({ ...row, body: JSON.parse(row.body) }));
    },
    log: name => logOf(storage, name),
    accept: (name, log, upTo) =>
      storage.transaction(async transaction => {
        await logOf(transaction, name);
        const [before] = await transaction.run<LogRow>(held, name);
        if (before?.log !== log || before.receipted === upTo) return false;
        await mark(transaction, name, { receipted: upTo });
        return upTo < before.receipted;
      }),
    meet: (name, heard) =>
      storage.transaction(async transaction => {
        await logOf(transaction, name);
        const [row] = await transaction.run<LogRow>(held, name);
        if (row?.log !== heard.log) {
          await mark(transaction, name, { receipted: 0 });
          return false;
        }
        if (await holds(transaction, name, heard)) {
          await mark(transaction, name, { receipted: heard.upTo });
          return false;
        }
        await mark(transaction, name, { log: randomUUID(), receipted: 0 });
        return true;
      }),
    async mayFetch(name, content) {
      const told = storage.query.selectFrom('down_entries').select('seq');
      const granted = told.where('box', '=', name).where('content', '=', content).limit(1);
      return (await granted.executeTakeFirst()) !== undefined;
    },
    async behind() {
      const rows = await storage.query
        .selectFrom('down_logs')
        .select('box')
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('down_entries')
              .select('seq')
              .whereRef('down_entries.box', '=', 'down_logs.box')
              .whereRef('down_entries.seq', '>', 'down_logs.receipted'),
          ),
        )
        .execute();
      return rows.map(row => row.box);
    },
  };
}

function contentOf(entry: NewDownEntry): string | null {
  if (entry.type === 'case.result') return entry.body.result.sha256;
  return entry.type === 'register.published' ? entry.body.content.sha256 : null;
}
