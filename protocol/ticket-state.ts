import type { TicketState } from './api/tickets.ts';
import type { KnownFact } from './facts.ts';

/** What a ticket is after a fact about it; undefined when the fact does not move it. */
export function ticketStateAfter(fact: KnownFact): TicketState | undefined {
  switch (fact.type) {
    case 'ticket.issued':
    case 'ticket.waiting':
    case 'ticket.called':
    case 'ticket.serving':
    case 'ticket.done':
    case 'ticket.no-show':
    case 'ticket.abandoned':
    case 'ticket.cancelled':
      return fact.type.slice('ticket.'.length) as TicketState;
    case 'ticket.held':
      return fact.body.why === 'papers' ? 'waiting-for-papers' : 'held';
    case 'ticket.returned':
    case 'ticket.transferred':
      return 'waiting';
    case 'ticket.next-service':
      return fact.body.where === 'here' ? 'serving' : 'waiting';
    default:
      return undefined;
  }
}
