import type { KnownFact } from '../../protocol/facts.ts';
import { ticketStateAfter } from '../../protocol/ticket-state.ts';
import { projectAppointment } from '../appointments/project-appointment.ts';
import type { SqlWords } from '../storage/sql-words.ts';
import type { Transaction } from '../storage/storage.ts';
import { tableOf } from '../storage/table-columns.ts';
import type { Updated } from '../storage/update-rows.ts';

/** A fact whose turn has come. */
export interface Passed {
  box: string;
  fact: KnownFact;
}

/** Spare boxes, each with the box whose tickets it may go on with (ADR 46). */
export type Spares = Readonly<Record<string, string>>;

/** A ticket went on; a box speaks of its own. */
const turn: Updated = {
  table: 'tickets',
  key: { id: 'text', box: 'text' },
  written: { state: 'text' },
};

/**
 * Tables that are nothing but facts read in order; `relays` begins here and goes on in the relay. A box
 * speaks only of its own tickets and cases, but for those of its branch that it goes on with. Tickets, most of all facts, go in a few statements a batch.
 */
export function createProjections(words: SqlWords, spares: Spares = {}) {
  const adopt = `update tickets set box = given.box
    from ${words.rows({ id: 'text', box: 'text', adopted: 'text' })} as given
    where tickets.id = given.id and tickets.box = given.adopted`;
  const areOneBranch = (one: string, other: string) => spares[one] === other || spares[other] === one;

  return async function project(transaction: Transaction, passed: readonly Passed[]): Promise<void> {
    /** By box and ticket; `day` when it was issued in this batch, `state` when it went on. */
    let tickets = new Map<string, { id: string; box: string; day?: string; state?: string }>();
    /** Tickets that another box goes on with. */
    let adopted: { id: string; box: string; adopted: string }[] = [];

    async function flush(): Promise<void> {
      const told = [...tickets.values()];
      tickets = new Map();
      const moved = adopted;
      adopted = [];
      if (moved.length > 0) await transaction.run(adopt, JSON.stringify(moved));
      const issued = told.filter(({ day }) => day !== undefined);
      const rows = issued.map(each => ({ ...each, state: each.state ?? 'issued' }));
      const inserted = new Set(rows.length > 0 ? await transaction.insertNew(tableOf('tickets'), rows) : []);
      const isNew = new Set(issued.filter((_each, index) => inserted.has(rows[index] as (typeof rows)[0])));
      // A carried copy of an issue says nothing of how the ticket went on.
      await transaction.updateRows(
        turn,
        told.filter(each => each.state !== undefined && !isNew.has(each)),
      );
    }

    for (const { box, fact } of passed) {
      const key = `${box} ${fact.subject}`;
      const from = adoptedFrom(fact);
      if (from !== undefined && areOneBranch(box, from)) {
        // What the other box told before must be there to be moved.
        if (tickets.has(`${from} ${fact.subject}`)) await flush();
        adopted.push({ id: fact.subject, box, adopted: from });
      }
      const known = tickets.get(key);
      switch (fact.type) {
        case 'ticket.issued':
          // A state told before the issue is about a ticket that was here already, or about none.
          if (known) await flush();
          tickets.set(key, { id: fact.subject, box, day: fact.body.day });
          break;
        case 'case.opened':
        case 'case.sent':
        case 'case.result-handed-out':
          await projectCase(transaction, box, fact);
          break;
        case 'appointment.put':
        case 'appointment.checked-in':
        case 'appointment.missed':
          await projectAppointment(transaction, box, fact);
          break;
        default: {
          const state = ticketStateAfter(fact);
          if (state === undefined) break;
          if (known) known.state = state;
          else tickets.set(key, { id: fact.subject, box, state });
        }
      }
    }
    await flush();
  };
}

const adoptedFrom = (fact: KnownFact) =>
  fact.type === 'ticket.issued' || fact.type === 'ticket.returned' ? fact.body.adoptedFrom : undefined;

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
      const opened = query.selectFrom('cases').select('box').where('id', '=', subject);
      const { box: opener = box } = (await opened.executeTakeFirst()) ?? {};
      if (opener !== box) return;
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
