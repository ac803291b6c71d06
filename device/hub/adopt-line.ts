import type { DatabaseSync } from 'node:sqlite';
import type { KnownFact, NewFact } from '../../protocol/facts.ts';
import { ticketStateAfter } from '../../protocol/ticket-state.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import { handedOver } from './unfinished.ts';

/** What a box that goes on with another one's line writes into its own journal. */
export interface Adoption {
  facts: NewFact[];
  tickets: number;
}

/**
 * The other box's unfinished tickets become this one's: the same ids and numbers, told again in the same order.
 * What is here already is left alone, so it may be asked as often as one likes. `all` takes in besides who sits
 * where and what is offered, which only a take-over does: later this box knows better.
 */
export function createAdoption(db: DatabaseSync, from: string) {
  const ticket = db.prepare('select id, state from tickets where id = ?1');
  const whyAbandoned = db.prepare(
    `select json_extract(body, '$.reason') as reason from facts where subject = ? and type = 'ticket.abandoned'
      order by position desc limit 1`,
  );
  const taken = db.prepare('select 1 from tickets where (day = ? and number = ?) or request_id = ?');
  const lease = db.prepare('select 1 from number_leases where id = ?');
  const appointment = db.prepare('select version from appointments where id = ?');

  type Fate = 'new' | 'back' | 'known';
  function fateOf({ subject, body }: Extract<KnownFact, { type: 'ticket.issued' }>): Fate {
    const here = ticket.get(subject) as Pick<TicketRow, 'id' | 'state'> | undefined;
    // It was handed over before, and comes back where it was.
    if (here?.state === 'abandoned')
      return (whyAbandoned.get(subject) as { reason: string }).reason === handedOver ? 'back' : 'known';
    if (here) return 'known';
    return taken.get(body.day, body.number, body.requestId) ? 'known' : 'new';
  }

  function otherFacts(fact: KnownFact, all: boolean): NewFact[] {
    switch (fact.type) {
      case 'numbers.leased':
        return lease.get(fact.subject) ? [] : [toldAgain(fact)];
      case 'appointment.put': {
        const known = appointment.get(fact.subject) as { version: number } | undefined;
        return known && known.version >= fact.body.version ? [] : [toldAgain(fact)];
      }
      default:
        return all ? [toldAgain(fact)] : [];
    }
  }

  return (facts: readonly KnownFact[], { all }: { all: boolean }): Adoption => {
    const fates = new Map<string, Fate>();
    const states = new Map<string, string>();
    for (const fact of facts)
      states.set(fact.subject, ticketStateAfter(fact) ?? states.get(fact.subject) ?? '');
    const told: NewFact[] = [];
    for (const fact of facts) {
      const { type, subject } = fact;
      if (!type.startsWith('ticket.')) {
        told.push(...otherFacts(fact, all));
        continue;
      }
      if (type === 'ticket.issued') {
        const fate = fateOf(fact);
        fates.set(subject, fate);
        const { told: _, ...body } = fact.body;
        const takenAt = body.takenAt ?? fact.at;
        if (fate === 'new') told.push({ type, subject, body: { ...body, takenAt, adoptedFrom: from } });
        if (fate === 'back')
          told.push({ type: 'ticket.returned', subject, body: { by: 'hub', adoptedFrom: from } });
        continue;
      }
      const fate = fates.get(subject) ?? 'known';
      const isSaid = fate === 'known' || (fate === 'back' && type === 'ticket.waiting');
      // Whoever was called and did not come yet is called again, not struck off while windows log in.
      const isCallInVain = type === 'ticket.called' && states.get(subject) === 'called';
      if (!isSaid && !isCallInVain) told.push(toldAgain(fact));
    }
    const adopted = [...fates].filter(([, fate]) => fate !== 'known').map(([subject]) => subject);
    // F01: a print was cut off, and somebody may hold the paper.
    const unheld = adopted.filter(
      subject =>
        states.get(subject) === 'issued' &&
        !facts.some(one => one.subject === subject && one.type === 'ticket.print-failed'),
    );
    for (const subject of unheld) told.push({ type: 'ticket.waiting', subject, body: { by: 'recovery' } });
    return { facts: told, tickets: adopted.length };
  };
}

const toldAgain = ({ type, subject, body }: KnownFact) => ({ type, subject, body }) as NewFact;
