import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { type CallingRules, dueMs, type Waiting } from '../core/calling.ts';
import type { Journal } from '../journal/journal.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import { type Reckoned, reckon, reckonLate } from './hall-time.ts';

export interface OpenTicket {
  row: TicketRow;
  /** By the reckoning of the hall: when the person came, and is to be called at the latest. */
  sinceMs: number;
  dueMs: number;
}

/** Tickets that nobody has called yet, as the table `tickets` has them. */
export interface OpenTickets {
  find(ticketId: string): TicketRow | undefined;
  /** Those whose number nobody surely holds, in the order of their numbers. */
  issued(): TicketRow[];
  /** In the order in which a window that serves everything calls them. */
  waiting(): readonly OpenTicket[];
  /** How many are called before this ticket; without one, before somebody who takes an ordinary ticket now. */
  ahead(ticketId?: string): number;
  /** How many are called before somebody who comes now and is due at a moment of the hall. */
  aheadOf(dueMs: number): number;
  /** When a ticket is to be called at the latest, by the reckoning of the hall; undefined when it is not open. */
  dueMs(ticketId: string): number | undefined;
  /** The same people as the rule of calling sees them. Times are those of `nowMs`. */
  people(): Waiting[];
  /** A ticket as the rule of calling sees it, whether it waits or is not in line yet. */
  person(ticketId: string): Waiting | undefined;
  /** Now by the reckoning of the hall. */
  nowMs(): number;
  /** Wall-clock time of a moment of the hall. */
  wallTime(hallMs: number): Date;
  /** Grows when the line changed elsewhere than at its end. */
  disorder(): number;
}

export interface LineParts {
  db: DatabaseSync;
  journal: Journal;
  clock: Clock;
  rules: CallingRules;
  /** Group of a service in the register. */
  categoryOf: (serviceId: string) => string | null;
}

interface Kept {
  byId: Map<string, OpenTicket>;
  issued: Set<OpenTicket>;
  line: OpenTicket[];
  newest: Reckoned | undefined;
}

/**
 * Keeps the tickets in memory that every new number asks for. They are read from the table at first and
 * follow the facts from then on; after an undo, and after what is rare, they are read again.
 */
export function followOpenTickets({ db, journal, clock, rules, categoryOf }: LineParts): OpenTickets {
  const select = db.prepare(`select * from tickets where state in ('issued', 'waiting') order by place`);
  let kept: Kept | undefined;
  let disorder = 0;

  function personOf({ row, sinceMs }: Pick<OpenTicket, 'row' | 'sinceMs'>): Waiting {
    return {
      ticketId: row.id,
      place: row.place,
      sinceMs,
      serviceId: row.service_id,
      categoryId: categoryOf(row.service_id),
      purpose: row.purpose,
      privilege: row.privilege,
      transferred: row.transferred === 1,
      forWindow: row.for_window,
    };
  }

  /** Tickets come in the order of their places. */
  function take(all: Kept, row: TicketRow): OpenTicket {
    const atMs = Date.parse(row.waits_from);
    let sinceMs: number;
    // Told late is only when it was taken; a transfer happened here.
    const isTold = row.lease !== null || row.adopted_from !== null;
    const isLate = isTold && row.transferred === 0 && atMs < (all.newest?.atMs ?? atMs);
    if (!isLate) {
      all.newest = reckon(all.newest, atMs);
      sinceMs = all.newest.hallMs;
    } else sinceMs = reckonLate(all.newest, atMs);
    const ticket = { row, sinceMs, dueMs: dueMs(personOf({ row, sinceMs }), rules) };
    all.byId.set(row.id, ticket);
    return ticket;
  }

  function load(): Kept {
    const all: Kept = { byId: new Map(), issued: new Set(), line: [], newest: undefined };
    for (const row of select.all() as unknown as TicketRow[]) {
      const ticket = take(all, row);
      if (row.state === 'issued') all.issued.add(ticket);
      else all.line.push(ticket);
    }
    all.line.sort(inOrder);
    disorder++;
    return all;
  }
  function all(): Kept {
    kept ??= load();
    return kept;
  }

  function join({ issued, line }: Kept, ticket: OpenTicket): void {
    issued.delete(ticket);
    const place = placeOf(line, ticket);
    if (place < line.length) disorder++;
    line.splice(place, 0, ticket);
  }

  function leave({ byId, issued, line }: Kept, ticketId: string): void {
    const ticket = byId.get(ticketId);
    if (!ticket) return;
    byId.delete(ticketId);
    if (issued.delete(ticket)) return;
    line.splice(placeOf(line, ticket), 1);
    disorder++;
  }

  journal.follow({
    apply(fact, position) {
      if (!kept) return;
      switch (fact.type) {
        case 'ticket.issued': {
          const { number, serviceId, day, requestId, purpose, privilege, more, holder, lease, takenAt } =
            fact.body;
          const { adoptedFrom } = fact.body;
          const since = takenAt ?? fact.at;
          kept.issued.add(
            take(kept, {
              ...neverCalled,
              ...{ id: fact.subject, number, day, state: 'issued' },
              ...{ service_id: serviceId, request_id: requestId },
              purpose: (purpose ?? 'submit') as TicketRow['purpose'],
              privilege: privilege ?? null,
              more: JSON.stringify((more ?? []).map(each => ({ serviceId: each, window: null }))),
              ...{ holder: holder ?? null, lease: lease ?? null, adopted_from: adoptedFrom ?? null },
              ...{ issued_at: since, issued_seq: position, place: position, waits_from: since },
            }),
          );
          break;
        }
        case 'ticket.waiting': {
          const ticket = kept.byId.get(fact.subject);
          // It waited before and was called: rare enough to read all again.
          if (!ticket) kept = undefined;
          else {
            const isNew = ticket.row.state === 'issued';
            Object.assign(ticket.row, {
              ...{ state: 'waiting', waiting_since: fact.at, waiting_by: fact.body.by },
            });
            if (isNew) join(kept, ticket);
          }
          break;
        }
        case 'ticket.print-failed': {
          const ticket = kept.byId.get(fact.subject);
          if (ticket) ticket.row.print_error = fact.body.code;
          break;
        }
        case 'ticket.called':
        case 'ticket.serving':
        case 'ticket.held':
        case 'ticket.done':
        case 'ticket.no-show':
        case 'ticket.abandoned':
        case 'ticket.cancelled':
          leave(kept, fact.subject);
          break;
        case 'ticket.returned':
        case 'ticket.transferred':
        case 'ticket.next-service':
        case 'ticket.service-added':
        case 'ticket.changed':
        case 'ticket.reprinted':
          kept = undefined;
          break;
      }
    },
    reset() {
      kept = undefined;
    },
  });

  return {
    find: ticketId => all().byId.get(ticketId)?.row,
    issued: () => [...all().issued].map(({ row }) => row),
    waiting: () => all().line,
    ahead(ticketId) {
      const { line, byId } = all();
      const ticket = ticketId === undefined ? undefined : byId.get(ticketId);
      return ticket ? placeOf(line, ticket) : line.length;
    },
    aheadOf(due) {
      const { line } = all();
      let ahead = line.length;
      // Nearly everybody who comes is due last.
      while (ahead > 0 && (line[ahead - 1]?.dueMs ?? 0) > due) ahead--;
      return ahead;
    },
    dueMs: ticketId => all().byId.get(ticketId)?.dueMs,
    people: () => all().line.map(personOf),
    person(ticketId) {
      const ticket = all().byId.get(ticketId);
      return ticket && personOf(ticket);
    },
    nowMs: () => reckon(all().newest, clock.now().getTime()).hallMs,
    wallTime(hallMs) {
      const now = clock.now().getTime();
      return new Date(now + hallMs - reckon(all().newest, now).hallMs);
    },
    disorder: () => disorder,
  };
}

const neverCalled = {
  transferred: 0 as const,
  chosen: 0 as const,
  ...{ for_window: null, waiting_since: null, waiting_by: null, first_called_at: null },
  ...{ called_at: null, called_seq: null, serving_since: null, aside_since: null, aside_until: null },
  ...{ ended_at: null, window: null, clerk: null, calls: 0, returns: 0, copies: 0 },
  print_error: null,
};

const inOrder = (a: OpenTicket, b: OpenTicket) => a.dueMs - b.dueMs || a.row.place - b.row.place;

/** Index of the first ticket at or behind a ticket's place in the line. */
function placeOf(line: readonly OpenTicket[], ticket: OpenTicket): number {
  let [low, high] = [0, line.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = line[middle];
    if (other && inOrder(other, ticket) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
