import type { TicketState } from '../../../protocol/api/tickets.ts';
import type { Purpose } from '../../../protocol/hall-rules.ts';
import type { Projection } from './projection.ts';

/** A service that follows on a ticket; `window` when the person is to go back there. */
export interface FollowingService {
  serviceId: string;
  window: string | null;
}

export interface TicketRow {
  id: string;
  number: string;
  service_id: string;
  day: string;
  request_id: string;
  state: TicketState;
  purpose: Purpose;
  privilege: string | null;
  /** `FollowingService[]` as JSON. */
  more: string;
  holder: string | null;
  /** Numbered by a station that was alone, and told late. */
  lease: string | null;
  /** The other box of the branch, when it gave the number. */
  adopted_from: string | null;
  /** When the person took it. */
  issued_at: string;
  issued_seq: number;
  /** Place in the line and since when: of the issue, or of the last transfer. */
  place: number;
  waits_from: string;
  /** Was at a window already and waits for another one or another service. */
  transferred: 0 | 1;
  for_window: string | null;
  waiting_since: string | null;
  waiting_by: 'printed' | 'on-screen' | 'recovery' | null;
  first_called_at: string | null;
  called_at: string | null;
  called_seq: number | null;
  serving_since: string | null;
  aside_since: string | null;
  aside_until: string | null;
  ended_at: string | null;
  window: string | null;
  clerk: string | null;
  calls: number;
  /** Whether it was called out of turn. */
  chosen: 0 | 1;
  returns: number;
  copies: number;
  print_error: string | null;
}

export const ticketProjection: Projection = {
  tables: ['tickets'],
  schema: `
  create table tickets (
    id text primary key,
    number text not null,
    service_id text not null,
    day text not null,
    request_id text not null unique,
    state text not null,
    purpose text not null,
    privilege text,
    more text not null,
    holder text,
    lease text,
    adopted_from text,
    issued_at text not null,
    issued_seq integer not null,
    place integer not null,
    waits_from text not null,
    transferred integer not null default 0,
    for_window text,
    waiting_since text,
    waiting_by text,
    first_called_at text,
    called_at text,
    called_seq integer,
    serving_since text,
    aside_since text,
    aside_until text,
    ended_at text,
    window text,
    clerk text,
    calls integer not null default 0,
    chosen integer not null default 0,
    returns integer not null default 0,
    copies integer not null default 0,
    print_error text,
    unique (day, number)
  ) strict, without rowid;
  -- few, since each costs every ticket: who is open and what number is next is kept in memory beside (ADR 16)
  create index tickets_open on tickets (issued_seq) where state in ('issued', 'waiting');
  create index tickets_called on tickets (called_at) where called_at is not null;
  create index tickets_at_window on tickets (called_seq) where state in ('called', 'serving');
  create index tickets_aside on tickets (issued_seq) where state in ('held', 'waiting-for-papers');
  `,
  prepare(db) {
    const issued =
      db.prepare(`insert into tickets (id, number, service_id, day, request_id, state, purpose, privilege, more,
        holder, lease, adopted_from, issued_at, issued_seq, place, waits_from)
      values (?, ?, ?, ?, ?, 'issued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    const waiting = db.prepare(
      `update tickets set state = 'waiting', waiting_since = ?, waiting_by = ? where id = ?`,
    );
    const printFailed = db.prepare(`update tickets set print_error = ? where id = ?`);
    const called = db.prepare(
      `update tickets set state = 'called', called_at = ?1, first_called_at = coalesce(first_called_at, ?1),
        called_seq = ?2, window = ?3, clerk = ?4, calls = ?5, chosen = max(chosen, ?6), aside_since = null,
        aside_until = null where id = ?7`,
    );
    const serving = db.prepare(
      `update tickets set state = 'serving', serving_since = ?, window = ?, clerk = ? where id = ?`,
    );
    const ended = db.prepare(
      `update tickets set state = ?, ended_at = ?, aside_since = null, aside_until = null where id = ?`,
    );
    const held = db.prepare(
      `update tickets set state = ?, aside_since = ?, aside_until = ?, serving_since = null where id = ?`,
    );
    const returned =
      db.prepare(`update tickets set state = 'waiting', returns = returns + (ended_at is not null), ended_at = null,
        waiting_since = coalesce(waiting_since, issued_at), window = null, clerk = null, calls = 0,
        aside_since = null, aside_until = null where id = ?`);
    const inLine =
      db.prepare(`update tickets set state = 'waiting', service_id = ?, for_window = ?, more = ?, place = ?,
        waits_from = ?, waiting_since = ?, transferred = 1, window = null, clerk = null, calls = 0,
        serving_since = null where id = ?`);
    const here = db.prepare(
      `update tickets set state = 'serving', service_id = ?, more = ?, serving_since = ? where id = ?`,
    );
    const followed = db.prepare(
      `update tickets set more = json_insert(more, '$[#]', json_object('serviceId', ?, 'window', null)) where id = ?`,
    );
    const changed =
      db.prepare(`update tickets set service_id = coalesce(?, service_id), purpose = coalesce(?, purpose),
        privilege = iif(?, ?, privilege) where id = ?`);
    const reprinted = db.prepare('update tickets set copies = max(copies, ?) where id = ?');
    const select = db.prepare('select service_id, more from tickets where id = ?');
    const find = (id: string) => select.get(id) as Pick<TicketRow, 'service_id' | 'more'> | undefined;

    return (fact, position) => {
      const { subject, at } = fact;
      switch (fact.type) {
        case 'ticket.issued': {
          const { number, serviceId, day, requestId, purpose, privilege, holder, lease, takenAt } = fact.body;
          const { adoptedFrom = null } = fact.body;
          const more = (fact.body.more ?? []).map(each => ({ serviceId: each, window: null }));
          const since = takenAt ?? at;
          issued.run(
            ...[subject, number, serviceId, day, requestId, purpose ?? 'submit', privilege ?? null],
            ...[JSON.stringify(more), holder ?? null, lease ?? null, adoptedFrom],
            ...[since, position, position, since],
          );
          break;
        }
        case 'ticket.waiting':
          waiting.run(at, fact.body.by, subject);
          break;
        case 'ticket.print-failed':
          printFailed.run(fact.body.code, subject);
          break;
        case 'ticket.called': {
          const { window, clerk, call, rule } = fact.body;
          called.run(at, position, window, clerk, call, rule === 'chosen' ? 1 : 0, subject);
          break;
        }
        case 'ticket.serving':
          serving.run(at, fact.body.window, fact.body.clerk, subject);
          break;
        case 'ticket.done':
        case 'ticket.no-show':
        case 'ticket.abandoned':
        case 'ticket.cancelled':
          ended.run(fact.type.slice('ticket.'.length), at, subject);
          break;
        case 'ticket.held': {
          const { why, minutes } = fact.body;
          const until = minutes === null ? null : new Date(Date.parse(at) + minutes * 60_000).toISOString();
          held.run(why === 'papers' ? 'waiting-for-papers' : 'held', at, until, subject);
          break;
        }
        case 'ticket.returned':
          returned.run(subject);
          break;
        case 'ticket.transferred': {
          const { serviceId, toWindow, comesBack, window } = fact.body;
          const row = find(subject);
          if (!row) break;
          const more = followingOf(row);
          if (comesBack) more.unshift({ serviceId: row.service_id, window });
          inLine.run(serviceId, toWindow, JSON.stringify(more), position, at, at, subject);
          break;
        }
        case 'ticket.next-service': {
          const row = find(subject);
          const [next, ...more] = row ? followingOf(row) : [];
          if (!next) break;
          if (fact.body.where === 'here') here.run(next.serviceId, JSON.stringify(more), at, subject);
          else inLine.run(next.serviceId, next.window, JSON.stringify(more), position, at, at, subject);
          break;
        }
        case 'ticket.service-added':
          followed.run(fact.body.serviceId, subject);
          break;
        case 'ticket.changed': {
          const { serviceId, purpose, privilege } = fact.body;
          const isSet = privilege === undefined ? 0 : 1;
          changed.run(serviceId ?? null, purpose ?? null, isSet, privilege ?? null, subject);
          break;
        }
        case 'ticket.reprinted':
          reprinted.run(fact.body.copy, subject);
          break;
      }
    };
  },
};

/** Services that a ticket goes on to. */
export const followingOf = ({ more }: Pick<TicketRow, 'more'>): FollowingService[] =>
  more === '[]' ? [] : (JSON.parse(more) as FollowingService[]);
