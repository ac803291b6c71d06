import type { DatabaseSync } from 'node:sqlite';
import type { KnownFact } from '../../protocol/facts.ts';

/**
 * Tables that are nothing but facts read in order; `relays` begins here and goes on in the relay. A box
 * speaks only of its own tickets and cases.
 */
export function prepareProjections(db: DatabaseSync): (box: string, fact: KnownFact) => void {
  const ticket = db.prepare(
    `insert into tickets (id, box, day, state) values (?, ?, ?, 'issued') on conflict do nothing`,
  );
  const ticketState = db.prepare('update tickets set state = ? where id = ? and box = ?');
  const opened = db.prepare(`insert into cases (id, box, number, service_id, ticket_id, opened_at, state)
    values (?, ?, ?, ?, ?, ?, 'open') on conflict do nothing`);
  const handedOut = db.prepare(
    `update cases set state = 'handed-out', handed_out_at = ? where id = ? and box = ?`,
  );
  const sent = db.prepare(`update cases set state = 'sent' where id = ? and box = ?`);
  const relay =
    db.prepare(`insert into relays (case_id, box, request_id, package_sha256, package_bytes, package_media_type,
    sent_by_box_at, state) values (?, ?, ?, ?, ?, ?, ?, 'package-awaited') on conflict do nothing`);

  return (box, fact) => {
    switch (fact.type) {
      case 'ticket.issued':
        ticket.run(fact.subject, box, fact.body.day);
        break;
      case 'ticket.waiting':
      case 'ticket.called':
      case 'ticket.serving':
      case 'ticket.done':
      case 'ticket.no-show':
      case 'ticket.abandoned':
        ticketState.run(fact.type.slice('ticket.'.length), fact.subject, box);
        break;
      case 'case.opened': {
        const { number, serviceId, ticketId } = fact.body;
        opened.run(fact.subject, box, number, serviceId, ticketId, fact.at);
        break;
      }
      case 'case.sent': {
        const { packageId, package: content } = fact.body;
        sent.run(fact.subject, box);
        relay.run(
          fact.subject,
          box,
          packageId,
          content.sha256,
          content.sizeBytes,
          content.mediaType,
          fact.at,
        );
        break;
      }
      case 'case.result-handed-out':
        handedOut.run(fact.at, fact.subject, box);
        break;
    }
  };
}
