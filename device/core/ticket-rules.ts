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

/** Order of calling: who waits longer comes first; the journal's own order decides between equals. */
export function byTurn(a: { issued_seq: number }, b: { issued_seq: number }): number {
  return a.issued_seq - b.issued_seq;
}
