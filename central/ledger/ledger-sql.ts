import type { SqlWords } from '../storage/sql-words.ts';

const stream = { box: 'text', epoch: 'text' } as const;
const place = { ...stream, seq: 'bigint' } as const;

/** SQL of the way in: each statement serves a whole batch of envelopes, whatever boxes they are from. */
export function ledgerSql(words: SqlWords) {
  const { rows, always } = words;
  const dead = { ...place, raw: 'text', reason: 'text', received_at: 'text' } as const;
  const names = (columns: object) => Object.keys(columns).join(', ');
  /** In one order everywhere, so that two processes never wait for each other. */
  const inOrder = 'order by box, epoch';

  return {
    begin: `insert into streams (box, epoch, begun_at, last_hash)
      select box, epoch, begun_at, last_hash from ${rows({ ...stream, begun_at: 'text', last_hash: 'text' })} as given
      ${always} ${inOrder} on conflict do nothing`,
    /** Where the journals stand; nobody else moves them before this transaction ends. */
    hold: `select s.box, s.epoch, s.stored, s.up_to, s.last_hash from streams s
      join ${rows(stream)} as given on given.box = s.box and given.epoch = s.epoch
      order by s.box, s.epoch ${words.forUpdate('s')}`,
    standing: `select s.box, s.epoch, s.stored, s.up_to, s.last_hash from streams s
      join ${rows(stream)} as given on given.box = s.box and given.epoch = s.epoch`,
    bury: `insert into dead_letters (${names(dead)}) select ${names(dead)} from ${rows(dead)} as given
      ${always} on conflict do nothing returning box, epoch, seq, reason`,
    factsAt: `select f.* from facts f
      join ${rows(place)} as given on given.box = f.box and given.epoch = f.epoch and given.seq = f.seq`,
    /** What was here before and comes right after a place, a piece at a time. */
    factsFrom: `select f.* from ${rows({ ...place, last: 'bigint' })} as given
      join facts f on f.box = given.box and f.epoch = given.epoch and f.seq between given.seq and given.last`,
    deadFrom: `select d.box, d.epoch, d.seq from ${rows({ ...place, last: 'bigint' })} as given
      join dead_letters d on d.box = given.box and d.epoch = given.epoch and d.seq between given.seq and given.last`,
    contentsHere: `select c.sha256 from contents c join ${rows({ sha256: 'text' })} as given on given.sha256 = c.sha256`,
    await: `insert into awaited (sha256, box, epoch, seq) select sha256, box, epoch, seq
      from ${rows({ sha256: 'text', ...place })} as given ${always} on conflict do nothing`,
    /** The newest fact and the newest buried one of journals, and the first that waits for content; null where none is. */
    ends: `select given.box, given.epoch,
        (select max(f.seq) from facts f where f.box = given.box and f.epoch = given.epoch) as newest,
        (select max(d.seq) from dead_letters d where d.box = given.box and d.epoch = given.epoch) as buried,
        (select min(a.seq) from awaited a where a.box = given.box and a.epoch = given.epoch) as awaited
      from ${rows(stream)} as given`,

    /** What lies beyond `stored`: next to nothing, but for journals with holes. */
    numbersBeyond: `select n.box, n.epoch, n.seq from (
        select f.box, f.epoch, f.seq from ${rows({ ...stream, stored: 'bigint' })} as given
          join facts f on f.box = given.box and f.epoch = given.epoch and f.seq > given.stored
        union
        select d.box, d.epoch, d.seq from ${rows({ ...stream, stored: 'bigint' })} as given
          join dead_letters d on d.box = given.box and d.epoch = given.epoch and d.seq > given.stored
      ) as n order by n.seq`,
    refused: `select r.box, r.epoch, r.seq from (
        select d.box, d.epoch, d.seq, row_number() over (partition by d.box, d.epoch order by d.seq desc) as nth
        from dead_letters d join ${rows(stream)} as given on given.box = d.box and given.epoch = d.epoch
      ) as r where r.nth <= ${words.parameter(2, 'bigint')} order by r.seq`,
    wanted: `select w.box, w.epoch, w.sha256 from (
        select a.box, a.epoch, a.sha256, min(a.seq) as seq,
          row_number() over (partition by a.box, a.epoch order by min(a.seq)) as nth
        from awaited a join ${rows(stream)} as given on given.box = a.box and given.epoch = a.epoch
        join streams s on s.box = a.box and s.epoch = a.epoch and a.seq <= s.stored
        group by a.box, a.epoch, a.sha256
      ) as w where w.nth <= ${words.parameter(2, 'bigint')} order by w.seq`,
  };
}

export type LedgerSql = ReturnType<typeof ledgerSql>;
