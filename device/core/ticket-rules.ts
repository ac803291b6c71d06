import type { TicketState } from '../../protocol/api.ts';

/** What may follow what. Anything else is refused with `queue.wrong-state`. */
const transitions: Record<TicketState, readonly TicketState[]> = {
  issued: ['waiting', 'abandoned'],
  waiting: ['called', 'abandoned'],
  // A second call keeps the ticket called.
  called: ['called', 'serving', 'no-show'],
  serving: ['done'],
  done: [],
  'no-show': [],
  abandoned: [],
};

export function mayBecome(from: TicketState, to: TicketState): boolean {
  return transitions[from].includes(to);
}
