import { randomUUID } from 'node:crypto';
import { timeOrderedId } from '../../../platform/time-ordered-id.ts';
import type { NewFact } from '../../../protocol/facts.ts';

const ticketsADay = 900;
const windows = 10;
const dayMs = 86_400_000;

/** Facts of a branch's days, oldest first, as the hall writes them: each ticket is issued, printed, called, served and done. */
export function* dayFacts(firstDay = '2020-01-01'): Generator<NewFact, never> {
  const begins = Date.parse(firstDay);
  for (let ticket = 0; ; ticket++) {
    const at = new Date(begins + Math.floor((ticket / ticketsADay) * dayMs));
    const day = at.toISOString().slice(0, 10);
    const number = `В${String((ticket % ticketsADay) + 1).padStart(2, '0')}`;
    const window = String((ticket % windows) + 1);
    const by = { window, clerk: `clerk-${window}` };
    const subject = timeOrderedId(at);
    yield {
      type: 'ticket.issued',
      subject,
      body: { number, serviceId: 'inn-certificate', day, requestId: randomUUID() },
    };
    yield { type: 'ticket.waiting', subject, body: { by: 'printed' } };
    yield { type: 'ticket.called', subject, body: { ...by, call: 1 } };
    yield { type: 'ticket.serving', subject, body: by };
    yield { type: 'ticket.done', subject, body: by };
  }
}
