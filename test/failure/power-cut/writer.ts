import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openTestJournal } from '../../fixtures/books.ts';

/**
 * `writer FILE`: twenty kiosks that commit tickets to one journal without a pause; prints the id of each
 * ticket the moment its commit is acknowledged.
 */
const [path = ''] = process.argv.slice(2);
const { journal } = openTestJournal(path);
let number = 0;

async function kiosk(): Promise<never> {
  for (;;) {
    const subject = randomUUID();
    const body = { number: `А${++number}`, serviceId: 's', day: '2026-11-22', requestId: randomUUID() };
    await journal.commit([{ type: 'ticket.issued', subject, body }]);
    writeSync(1, `${subject}\n`);
  }
}
await Promise.all(Array.from({ length: 20 }, kiosk));
