import { canonicalJson } from '../../../protocol/canonical.ts';
import type { Projection } from './projection.ts';

export interface WindowRow {
  window: string;
  state: 'open' | 'paused' | 'last-client' | 'closed';
  clerk: string;
  since: string;
  /** Position of the fact that made it so. */
  changed: number;
  pause_reason: string | null;
  pause_minutes: number | null;
}

export interface LeaseRow {
  id: string;
  station: string;
  letter: string;
  day: string;
  first: number;
  last: number;
}

/** The hall but for its tickets: windows, what is offered, what is announced, and the rules at each moment. */
export const hallProjection: Projection = {
  tables: [
    ...['windows', 'clerk_skills', 'offered_services', 'announcements', 'hall_days', 'hall_rules'],
    ...['administrator_calls', 'ratings', 'number_leases'],
  ],
  schema: `
  create table windows (
    window text primary key,
    state text not null,
    clerk text not null,
    since text not null,
    changed integer not null,
    pause_reason text,
    pause_minutes integer
  ) strict;
  -- all that ever held, so that an old call can be explained
  create table clerk_skills (clerk text not null, position integer not null, skills text, primary key (clerk, position)) strict;
  create table hall_rules (position integer primary key, rules text not null) strict;
  create table offered_services (service_id text primary key, open integer not null, per_day integer) strict;
  create table announcements (id text primary key, position integer not null, announcement text not null, until text) strict;
  create table hall_days (day text primary key, open integer not null) strict;
  create table administrator_calls (
    id text primary key,
    place text not null,
    number text,
    code text,
    at text not null,
    came_at text
  ) strict;
  create table ratings (request_id text primary key, subject text not null unique, at text not null, marks text not null) strict;
  create index ratings_at on ratings (at);
  create table number_leases (
    id text primary key,
    station text not null,
    letter text not null,
    day text not null,
    first integer not null,
    last integer not null
  ) strict;
  create index number_leases_day on number_leases (day, letter);
  `,
  prepare(db) {
    const window =
      db.prepare(`insert into windows (window, state, clerk, since, changed, pause_reason, pause_minutes)
      values (?, ?, ?, ?, ?, ?, ?) on conflict (window) do update set state = excluded.state, clerk = excluded.clerk,
        since = excluded.since, changed = excluded.changed, pause_reason = excluded.pause_reason,
        pause_minutes = excluded.pause_minutes`);
    const skills = db.prepare('insert into clerk_skills (clerk, position, skills) values (?, ?, ?)');
    const rules = db.prepare('insert into hall_rules (position, rules) values (?, ?)');
    const offered = db.prepare(
      'insert or replace into offered_services (service_id, open, per_day) values (?, ?, ?)',
    );
    const announced = db.prepare(
      'insert or replace into announcements (id, position, announcement, until) values (?, ?, ?, ?)',
    );
    const announcementEnded = db.prepare('delete from announcements where id = ?');
    const day = db.prepare('insert or replace into hall_days (day, open) values (?, ?)');
    const administratorCalled = db.prepare(
      'insert into administrator_calls (id, place, number, code, at) values (?, ?, ?, ?, ?) on conflict do nothing',
    );
    const administratorCame = db.prepare('update administrator_calls set came_at = ? where id = ?');
    const rated = db.prepare(
      'insert into ratings (request_id, subject, at, marks) values (?, ?, ?, ?) on conflict do nothing',
    );
    const leased = db.prepare(
      'insert into number_leases (id, station, letter, day, first, last) values (?, ?, ?, ?, ?, ?)',
    );
    return (fact, position) => {
      const { subject, at } = fact;
      switch (fact.type) {
        case 'window.opened':
        case 'window.resumed':
          window.run(subject, 'open', fact.body.clerk, at, position, null, null);
          break;
        case 'window.paused': {
          const { clerk, reason, minutes } = fact.body;
          window.run(subject, 'paused', clerk, at, position, reason, minutes);
          break;
        }
        case 'window.last-client':
          window.run(subject, 'last-client', fact.body.clerk, at, position, null, null);
          break;
        case 'window.closed':
          window.run(subject, 'closed', fact.body.clerk, at, position, null, null);
          break;
        case 'clerk.skills-set':
          skills.run(subject, position, fact.body.skills && canonicalJson(fact.body.skills));
          break;
        case 'service.offered':
          offered.run(subject, fact.body.open ? 1 : 0, fact.body.perDay);
          break;
        case 'announcement.made':
          announced.run(subject, position, canonicalJson(fact.body.announcement), fact.body.until);
          break;
        case 'announcement.ended':
          announcementEnded.run(subject);
          break;
        case 'hall.rules-adopted':
          rules.run(position, canonicalJson(fact.body.rules));
          break;
        case 'hall.day-opened':
        case 'hall.day-closed':
          day.run(fact.body.day, fact.type === 'hall.day-opened' ? 1 : 0);
          break;
        case 'hall.administrator-called':
          administratorCalled.run(
            subject,
            fact.body.place,
            fact.body.number ?? null,
            fact.body.code ?? null,
            at,
          );
          break;
        case 'hall.administrator-came':
          administratorCame.run(at, subject);
          break;
        case 'visit.rated':
          rated.run(fact.body.requestId, subject, at, canonicalJson(fact.body.marks));
          break;
        case 'numbers.leased': {
          const { station, letter, day: of, from, to } = fact.body;
          leased.run(subject, station, letter, of, from, to);
          break;
        }
      }
    };
  },
};
