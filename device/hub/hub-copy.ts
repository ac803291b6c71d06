import { createHash } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Log } from '../../platform/log.ts';
import { migrate, openDatabase, transaction } from '../../platform/sqlite.ts';
import type { HubFacts } from '../../protocol/api/hub.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import type { Fact } from '../../protocol/facts.ts';

/** What this box knows of the other one's day. Each call is on the disk when it returns. */
export interface HubCopy {
  /** How far the other journal is known; `epoch` is null before the first answer. */
  cursor(): { epoch: string | null; after: number };
  keep(told: Pick<HubFacts, 'epoch' | 'facts' | 'upTo'>): void;
  /** In the order in which they were written. */
  facts(): Fact[];
  /** Whether a ticket was told of. */
  knows(ticketId: string): boolean;
  /** Forgets all but these, by id. */
  keepOnly(ids: ReadonlySet<string>): void;
  close(): void;
}

/** It can be fetched again while the other box lives: a damaged file is put aside. */
export function openHubCopy(path: string, log: Log): HubCopy {
  let db: DatabaseSync;
  try {
    db = open(path);
  } catch (error) {
    log.error({ err: error }, 'the copy of the other box’s day cannot be read, a new one begins');
    renameSync(path, `${path}.damaged`);
    // What they hold is of the damaged file.
    for (const beside of ['-wal', '-shm']) rmSync(`${path}${beside}`, { force: true });
    db = open(path);
  }
  const cursor = db.prepare('select epoch, after from cursor');
  const move = db.prepare('update cursor set epoch = ?, after = ?');
  const insert = db.prepare(`insert or ignore into facts (id, epoch, said, type, subject, fact)
    select ?1, ?2, ?3, ?4, ?5, ?6 where not exists (select 1 from facts where said = ?3 and epoch <> ?2)`);
  const all = db.prepare('select fact from facts order by position');
  const ticket = db.prepare(`select 1 from facts where subject = ? and type = 'ticket.issued'`);
  const remove = db.prepare('delete from facts where id = ?');
  const facts = () => (all.all() as { fact: string }[]).map(({ fact }) => JSON.parse(fact) as Fact);

  return {
    cursor: () => cursor.get() as { epoch: string | null; after: number },
    keep: ({ epoch, facts: told, upTo }) =>
      transaction(db, () => {
        for (const fact of told)
          insert.run(fact.id, epoch, said(fact), fact.type, fact.subject, JSON.stringify(fact));
        move.run(epoch, upTo);
      }),
    facts,
    knows: ticketId => ticket.get(ticketId) !== undefined,
    keepOnly: ids =>
      transaction(db, () => {
        for (const { id } of facts()) if (!ids.has(id)) remove.run(id);
      }),
    close: () => db.close(),
  };
}

/** A box that began a new epoch tells some facts again, as copies with other ids (ADR 9). */
const said = ({ type, subject, at, body }: Fact) =>
  createHash('sha256').update(canonicalJson({ type, subject, at, body })).digest('base64url');

function open(path: string): DatabaseSync {
  const db = openDatabase(path);
  migrate(db, [
    `
    create table facts (
      position integer primary key, id text not null unique, epoch text not null, said text not null, type text not null, subject text not null, fact text not null
    ) strict;
    create index facts_said on facts (said);
    create index facts_subject on facts (subject) where type = 'ticket.issued';
    create table cursor (one integer primary key check (one = 1), epoch text, after integer not null) strict;
    insert into cursor (one, after) values (1, 0);
    `,
  ]);
  db.prepare('select count(*) from facts').get();
  return db;
}
