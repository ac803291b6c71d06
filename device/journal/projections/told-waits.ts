import type { Projection } from './projection.ts';

/** A wait that was told, in seconds, and how long the person really waited for the first call. */
export interface ToldWaitRow {
  ticket_id: string;
  issued_at: string;
  day: string;
  from_s: number;
  to_s: number;
  usual_s: number;
  late_s: number;
  ahead: number;
  windows: number;
  waited_s: number;
}

/** Waits that have come to their end: taken from the fact that told them when the call comes, so that a new number costs nothing here. */
export const toldWaitProjection: Projection = {
  tables: ['told_waits'],
  schema: `
  create table told_waits (
    ticket_id text primary key,
    issued_at text not null,
    day text not null,
    from_s integer not null,
    to_s integer not null,
    usual_s integer not null,
    late_s integer not null,
    ahead integer not null,
    windows integer not null,
    waited_s integer not null
  ) strict, without rowid;
  create index told_waits_day on told_waits (day);
  `,
  prepare(db) {
    const called = db.prepare(
      // A clock that went back between is no wait (F08). Only the first call ends it.
      `insert into told_waits select subject, at, body ->> '$.day', told ->> 'fromSeconds', told ->> 'toSeconds',
          told ->> 'usualSeconds', told ->> 'lateSeconds', told ->> 'ahead', told ->> 'windows',
          max(0, unixepoch(?) - unixepoch(at))
        from (select subject, at, body, body -> '$.told' as told from facts
          where subject = ? and type = 'ticket.issued' and standing = 'own')
        where told is not null on conflict do nothing`,
    );
    return (fact, _position) => {
      if (fact.type === 'ticket.called') called.run(fact.at, fact.subject);
    };
  },
};
