import type { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '../../protocol/canonical.ts';
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
  const own = db.prepare(`select type, body from facts where subject = ? order by position`);
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

  /** Takes from what the other box told of a ticket what it had from this one. */
  function afterOwn(subject: string): (fact: KnownFact) => boolean {
    const told = (own.all(subject) as { type: string; body: string }[]).map(
      ({ type, body }) => `${type} ${body}`,
    );
    let next = 0;
    return ({ type, body }) => {
      const place = told.indexOf(`${type} ${canonicalJson(body)}`, next);
      if (place >= 0) next = place + 1;
      return place < 0;
    };
  }

  return (facts: readonly KnownFact[], { all }: { all: boolean }): Adoption => {
    /** A box that lost records may have given a number twice (ADR 9): the first counts. */
    const numbers = new Set<string>();
    const stories = new Map<string, { fate: Fate; state: string; isNew: (fact: KnownFact) => boolean }>();
    for (const fact of facts) {
      if (fact.type === 'ticket.issued') {
        const { day, number } = fact.body;
        const fate = numbers.has(`${day} ${number}`) ? 'known' : fateOf(fact);
        numbers.add(`${day} ${number}`);
        const isNew = fate === 'back' ? afterOwn(fact.subject) : () => fate === 'new';
        stories.set(fact.subject, { fate, state: '', isNew });
      }
      const story = stories.get(fact.subject);
      if (story) story.state = ticketStateAfter(fact) ?? story.state;
    }
    const told: NewFact[] = [];
    /** The newest word that moved a ticket, where this box said it first and the ticket stands by it. */
    const standing = new Map<string, KnownFact>();
    for (const fact of facts) {
      const { type, subject } = fact;
      const story = stories.get(subject);
      if (!story) {
        told.push(...otherFacts(fact, all));
        continue;
      }
      if (type === 'ticket.issued') {
        const { told: _, ...body } = fact.body;
        const takenAt = body.takenAt ?? fact.at;
        if (story.fate === 'new') told.push({ type, subject, body: { ...body, takenAt, adoptedFrom: from } });
        if (story.fate === 'back')
          told.push({ type: 'ticket.returned', subject, body: { by: 'hub', adoptedFrom: from } });
        continue;
      }
      // Whoever was called and did not come yet is called again, not struck off while windows log in.
      const isCallInVain = type === 'ticket.called' && story.state === 'called';
      const isSaid = !story.isNew(fact) || (story.fate === 'back' && type === 'ticket.waiting');
      if (!isSaid && !isCallInVain) told.push(toldAgain(fact));
      if (story.fate !== 'back' || ticketStateAfter(fact) === undefined) continue;
      if (isSaid) standing.set(subject, fact);
      else standing.delete(subject);
    }
    for (const fact of standing.values()) told.push(...stoodBy(fact));
    const adopted = [...stories].filter(([, { fate }]) => fate !== 'known');
    // F01: a print was cut off, and somebody may hold the paper.
    const isCutOff = (subject: string) =>
      !facts.some(fact => fact.subject === subject && fact.type === 'ticket.print-failed');
    for (const [subject, { state }] of adopted)
      if (state === 'issued' && isCutOff(subject))
        told.push({ type: 'ticket.waiting', subject, body: { by: 'recovery' } });
    return { facts: told, tickets: adopted.length };
  };
}

/** A ticket that comes back stands in line; where it stood aside or at a window, it does again. */
function stoodBy(fact: KnownFact): NewFact[] {
  const at = ({ window, clerk }: { window: string; clerk: string }): NewFact => ({
    ...{ type: 'ticket.serving', subject: fact.subject, body: { window, clerk } },
  });
  switch (fact.type) {
    case 'ticket.held':
      return [at(fact.body), toldAgain(fact)];
    case 'ticket.serving':
    case 'ticket.no-show':
      return [toldAgain(fact)];
    case 'ticket.next-service':
      return fact.body.where === 'here' ? [at(fact.body)] : [];
    default:
      return [];
  }
}

const toldAgain = ({ type, subject, body }: KnownFact) => ({ type, subject, body }) as NewFact;
