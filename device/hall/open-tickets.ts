import type { DatabaseSync } from 'node:sqlite';
import type { Journal } from '../journal/journal.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';

/** Tickets that nobody has called yet, as the table `tickets` has them. */
export interface OpenTickets {
  find(ticketId: string): TicketRow | undefined;
  /** Those whose number nobody surely holds, in the order of their numbers. */
  issued(): TicketRow[];
  /** In the order in which they are called. */
  waiting(): readonly TicketRow[];
  /** Grows when the line changed elsewhere than at its end. */
  disorder(): number;
}

interface Kept {
  issued: Map<string, TicketRow>;
  waiting: Map<string, TicketRow>;
  line: TicketRow[];
}

/**
 * Keeps the tickets in memory that every new number asks for. They are read from the table at first and
 * follow the facts from then on; after an undo they are read again.
 */
export function followOpenTickets(db: DatabaseSync, journal: Journal): OpenTickets {
  const select = db.prepare(`select * from tickets where state in ('issued', 'waiting') order by issued_seq`);
  let kept: Kept | undefined;
  let disorder = 0;

  function load(): Kept {
    const rows = select.all() as unknown as TicketRow[];
    const line = rows.filter(({ state }) => state === 'waiting');
    const issued = rows.filter(({ state }) => state === 'issued');
    const byId = (each: TicketRow[]) => new Map(each.map(row => [row.id, row]));
    disorder++;
    return { issued: byId(issued), waiting: byId(line), line };
  }
  function all(): Kept {
    kept ??= load();
    return kept;
  }

  function join({ issued, waiting, line }: Kept, row: TicketRow): void {
    issued.delete(row.id);
    waiting.set(row.id, row);
    const place = placeOf(line, row.issued_seq);
    if (place < line.length) disorder++;
    line.splice(place, 0, row);
  }

  function leave({ issued, waiting, line }: Kept, ticketId: string): void {
    issued.delete(ticketId);
    const row = waiting.get(ticketId);
    if (!row) return;
    waiting.delete(ticketId);
    line.splice(placeOf(line, row.issued_seq), 1);
    disorder++;
  }

  journal.follow({
    apply(fact, position) {
      if (!kept) return;
      switch (fact.type) {
        case 'ticket.issued': {
          const { number, serviceId, day, requestId } = fact.body;
          kept.issued.set(fact.subject, {
            ...neverCalled,
            ...{ id: fact.subject, number, day, state: 'issued' },
            ...{ service_id: serviceId, request_id: requestId },
            ...{ issued_at: fact.at, issued_seq: position },
          });
          break;
        }
        case 'ticket.waiting': {
          const row = find(kept, fact.subject);
          // It waited before and was called: rare enough to read all again.
          if (!row) kept = undefined;
          else {
            const waits = { waiting_since: fact.at, waiting_by: fact.body.by };
            const isNew = row.state === 'issued';
            Object.assign(row, { state: 'waiting', ...waits });
            if (isNew) join(kept, row);
          }
          break;
        }
        case 'ticket.print-failed': {
          const row = find(kept, fact.subject);
          if (row) row.print_error = fact.body.code;
          break;
        }
        case 'ticket.called':
        case 'ticket.serving':
        case 'ticket.done':
        case 'ticket.no-show':
        case 'ticket.abandoned':
          leave(kept, fact.subject);
          break;
      }
    },
    reset() {
      kept = undefined;
    },
  });

  return {
    find: ticketId => find(all(), ticketId),
    issued: () => [...all().issued.values()],
    waiting: () => all().line,
    disorder: () => disorder,
  };
}

const find = ({ issued, waiting }: Kept, ticketId: string) => issued.get(ticketId) ?? waiting.get(ticketId);

const neverCalled = {
  ...{ waiting_since: null, waiting_by: null, called_at: null, called_seq: null, serving_since: null },
  ...{ ended_at: null, window: null, clerk: null, calls: 0, print_error: null },
};

/** Index of the first row at or behind a place in the line. */
export function placeOf(line: readonly TicketRow[], issuedSeq: number): number {
  let [low, high] = [0, line.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((line[middle]?.issued_seq ?? 0) < issuedSeq) low = middle + 1;
    else high = middle;
  }
  return low;
}
