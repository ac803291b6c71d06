import type { KnownFact } from '../../protocol/facts.ts';
import type { SqlWords } from '../storage/sql-words.ts';
import type { Transaction } from '../storage/storage.ts';

/** A fact whose turn has come. */
export interface Passed {
  box: string;
  fact: KnownFact;
}

/**
 * Tables that are nothing but facts read in order; `relays` begins here and goes on in the relay. A box
 * speaks only of its own tickets and cases. Tickets, most of all facts, go in two statements a batch.
 */
export function createProjections(words: SqlWords) {
  const { rows, always } = words;
  const issue = `insert into tickets (id, box, day, state) select id, box, day, 'issued'
    from ${rows({ id: 'text', box: 'text', day: 'text' })} as given ${always} on conflict do nothing`;
  const turn = `update tickets set state = given.state from ${rows({ id: 'text', box: 'text', state: 'text' })} as given
    where tickets.id = given.id and tickets.box = given.box`;

  return async function project(transaction: Transaction, passed: readonly Passed[]): Promise<void> {
    let issued: { id: string; box: string; day: string }[] = [];
    let states = new Map<string, { id: string; box: string; state: string }>();

    async function flush(): Promise<void> {
      if (issued.length > 0) await transaction.run(issue, JSON.stringify(issued));
      if (states.size > 0) await transaction.run(turn, JSON.stringify([...states.values()]));
      issued = [];
      states = new Map();
    }

    for (const { box, fact } of passed) {
      const ticket = `${box} ${fact.subject}`;
      switch (fact.type) {
        case 'ticket.issued':
          // A state told before the issue is about a ticket that was here already, or about none.
          if (states.has(ticket)) await flush();
          issued.push({ id: fact.subject, box, day: fact.body.day });
          break;
        case 'ticket.waiting':
        case 'ticket.called':
        case 'ticket.serving':
        case 'ticket.done':
        case 'ticket.no-show':
        case 'ticket.abandoned':
          states.set(ticket, { id: fact.subject, box, state: fact.type.slice('ticket.'.length) });
          break;
        case 'case.opened':
        case 'case.sent':
        case 'case.result-handed-out':
          await projectCase(transaction, box, fact);
      }
    }
    await flush();
  };
}

type CaseFact = Extract<KnownFact, { type: 'case.opened' | 'case.sent' | 'case.result-handed-out' }>;

async function projectCase({ query }: Transaction, box: string, fact: CaseFact): Promise<void> {
  const { subject, at } = fact;
  const own = query.updateTable('cases').where('id', '=', subject).where('box', '=', box);
  switch (fact.type) {
    case 'case.opened': {
      const { number, serviceId, ticketId } = fact.body;
      await query
        .insertInto('cases')
        .values({
          id: subject,
          box,
          number,
          service_id: serviceId,
          ticket_id: ticketId,
          opened_at: at,
          state: 'open',
        })
        .onConflict(conflict => conflict.doNothing())
        .execute();
      return;
    }
    case 'case.sent': {
      const { packageId, package: content } = fact.body;
      await own.set({ state: 'sent' }).execute();
      await query
        .insertInto('relays')
        .values({
          case_id: subject,
          box,
          request_id: packageId,
          package_sha256: content.sha256,
          package_bytes: content.sizeBytes,
          package_media_type: content.mediaType,
          sent_by_box_at: at,
          state: 'package-awaited',
        })
        .onConflict(conflict => conflict.doNothing())
        .execute();
      return;
    }
    case 'case.result-handed-out':
      await own.set({ state: 'handed-out', handed_out_at: at }).execute();
  }
}
