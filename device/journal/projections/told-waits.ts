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
  waited_s: number | null;
}

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
    waited_s integer
  ) strict, without rowid;
  create index told_waits_day on told_waits (day) where waited_s is not null;
  `,
  prepare(db) {
    const told = db.prepare(`insert into told_waits values (?, ?, ?, ?, ?, ?, ?, ?, ?, null)`);
    const called = db.prepare(
      // A clock that went back between is no wait (F08).
      `update told_waits set waited_s = max(0, unixepoch(?) - unixepoch(issued_at))
        where ticket_id = ? and waited_s is null`,
    );
    return (fact, _position) => {
      const { subject, at } = fact;
      if (fact.type === 'ticket.called') called.run(at, subject);
      if (fact.type !== 'ticket.issued' || !fact.body.told) return;
      const { fromSeconds, toSeconds, usualSeconds, lateSeconds, ahead, windows } = fact.body.told;
      told.run(
        ...[subject, at, fact.body.day, fromSeconds, toSeconds, usualSeconds, lateSeconds, ahead, windows],
      );
    };
  },
};
