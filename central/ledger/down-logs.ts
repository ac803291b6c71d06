import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import type { DownEntry, NewDownEntry } from '../../protocol/messages.ts';

/** What the centre says to each box: a log per box with its own numbers (DESIGN section 4). */
export interface DownLogs {
  /** Appends an entry; part of the transaction it is called in. */
  append(box: string, entry: NewDownEntry): void;
  /** Called after an append, for the one who sends. */
  onAppend(listener: (box: string) => void): void;
  entries(box: string, after: number, limit: number): DownEntry[];
  log(box: string): { log: string; receipted: number };
  /**
   * The box applied everything up to this number for good. Another log's id is ignored. A box that began
   * anew says less than before (F21), and the log goes on from there. True when it went back.
   */
  accept(box: string, log: string, upTo: number): boolean;
  /** Whether the box was told of this content and may fetch it. */
  mayFetch(box: string, sha256: string): boolean;
}

export function openDownLogs(db: DatabaseSync, clock: Clock): DownLogs {
  const begin = db.prepare('insert into down_logs (box, log) values (?, ?) on conflict do nothing');
  const selectLog = db.prepare('select log, receipted from down_logs where box = ?');
  const insert = db.prepare(`insert into down_entries (box, seq, at, type, body, content)
    values (?, (select coalesce(max(seq), 0) + 1 from down_entries where box = ?), ?, ?, ?, ?)`);
  const select = db.prepare(
    'select seq, at, type, body from down_entries where box = ? and seq > ? order by seq limit ?',
  );
  const receipt = db.prepare('update down_logs set receipted = ? where box = ? and log = ?');
  const granted = db.prepare('select 1 from down_entries where box = ? and content = ?');
  const listeners: ((box: string) => void)[] = [];

  const logOf = (box: string) => {
    begin.run(box, randomUUID());
    return selectLog.get(box) as { log: string; receipted: number };
  };

  return {
    append(box, entry) {
      logOf(box);
      const content =
        entry.type === 'case.result'
          ? entry.body.result.sha256
          : entry.type === 'register.published'
            ? entry.body.content.sha256
            : null;
      insert.run(box, box, clock.now().toISOString(), entry.type, JSON.stringify(entry.body), content);
      // After the transaction, whose commit is synchronous, the one who sends finds the row.
      queueMicrotask(() => {
        for (const listener of listeners) listener(box);
      });
    },
    onAppend: listener => listeners.push(listener),
    entries: (box, after, limit) =>
      (select.all(box, after, limit) as { seq: number; at: string; type: string; body: string }[]).map(
        row => ({
          ...row,
          body: JSON.parse(row.body),
        }),
      ),
    log: logOf,
    accept(box, log, upTo) {
      const before = logOf(box);
      if (before.log !== log || before.receipted === upTo) return false;
      receipt.run(upTo, box, log);
      return upTo < before.receipted;
    },
    mayFetch: (box, sha256) => granted.get(box, sha256) !== undefined,
  };
}
