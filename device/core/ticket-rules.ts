import type { TicketState } from '../../protocol/api/tickets.ts';

/** What may follow what. Anything else is refused with `queue.wrong-state`. */
const transitions: Record<TicketState, readonly TicketState[]> = {
  issued: ['waiting', 'abandoned', 'cancelled'],
  waiting: ['called', 'abandoned', 'cancelled'],
  // A second call keeps the ticket called.
  called: ['called', 'serving', 'no-show', 'held', 'waiting', 'cancelled'],
  // A transfer, or a further service, leads back into the line.
  serving: ['done', 'held', 'waiting-for-papers', 'waiting'],
  held: ['waiting', 'called', 'abandoned', 'cancelled'],
  'waiting-for-papers': ['waiting', 'called', 'abandoned', 'cancelled'],
  done: [],
  // The person came after all, within the time that the branch grants.
  'no-show': ['waiting'],
  abandoned: [],
  cancelled: [],
};

export function mayBecome(from: TicketState, to: TicketState): boolean {
  return transitions[from].includes(to);
}
