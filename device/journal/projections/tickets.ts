import type { Projection } from './projection.ts';

export interface TicketRow {
  id: string;
  number: string;
  service_id: string;
  day: string;
  request_id: string;
  state: 'issued' | 'waiting' | 'called' | 'serving' | 'done' | 'no-show' | 'abandoned';
  issued_at: string;
  issued_seq: number;
  waiting_since: string | null;
  waiting_by: 'printed' | 'on-screen' | 'recovery' | null;
  called_at: string | null;
  called_seq: number | null;
  serving_since: string | null;
  ended_at: string | null;
  window: string | null;
  clerk: string | null;
  calls: number;
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
    issued_at text not null,
    issued_seq integer not null,
    waiting_since text,
    waiting_by text,
    called_at text,
    called_seq integer,
    serving_since text,
    ended_at text,
    window text,
    clerk text,
    calls integer not null default 0,
    print_error text,
    unique (day, number)
  ) strict, without rowid;
  -- few, since each costs every ticket: who is open and what number is next is kept in memory beside (ADR 16)
  create index tickets_open on tickets (issued_seq) where state in ('issued', 'waiting');
  create index tickets_called on tickets (called_at) where called_at is not null;
  create index tickets_at_window on tickets (called_seq) where state in ('called', 'serving');
  `,
  prepare(db) {
    const issued =
      db.prepare(`insert into tickets (id, number, service_id, day, request_id, state, issued_at, issued_seq)
      values (?, ?, ?, ?, ?, 'issued', ?, ?)`);
    const waiting = db.prepare(
      `update tickets set state = 'waiting', waiting_since = ?, waiting_by = ? where id = ?`,
    );
    const printFailed = db.prepare(`update tickets set print_error = ? where id = ?`);
    const called = db.prepare(
      `update tickets set state = 'called', called_at = ?, called_seq = ?, window = ?, clerk = ?, calls = ? where id = ?`,
    );
    const serving = db.prepare(
      `update tickets set state = 'serving', serving_since = ?, window = ?, clerk = ? where id = ?`,
    );
    const ended = db.prepare(`update tickets set state = ?, ended_at = ? where id = ?`);
    return (fact, position) => {
      switch (fact.type) {
        case 'ticket.issued': {
          const { number, serviceId, day, requestId } = fact.body;
          issued.run(fact.subject, number, serviceId, day, requestId, fact.at, position);
          break;
        }
        case 'ticket.waiting':
          waiting.run(fact.at, fact.body.by, fact.subject);
          break;
        case 'ticket.print-failed':
          printFailed.run(fact.body.code, fact.subject);
          break;
        case 'ticket.called': {
          const { window, clerk, call } = fact.body;
          called.run(fact.at, position, window, clerk, call, fact.subject);
          break;
        }
        case 'ticket.serving':
          serving.run(fact.at, fact.body.window, fact.body.clerk, fact.subject);
          break;
        case 'ticket.done':
        case 'ticket.no-show':
        case 'ticket.abandoned':
          ended.run(fact.type.slice('ticket.'.length), fact.at, fact.subject);
          break;
      }
    };
  },
};
