import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { configFile } from '../../../device/config/config-file.ts';
import { openRecords } from '../../../device/journal/open-records.ts';
import { systemClock } from '../../../platform/clock.ts';
import { factNaming, silentLog } from '../../fixtures/books.ts';
import { say } from '../books/told.ts';
import { type Generation, isGeneration } from './generation.ts';

/**
 * `box-writer DIR`: everything of a box that writes to the disk, without a pause: kiosks that commit tickets,
 * a scanner that keeps pages and facts about them, a technician who changes the configuration. Says what is
 * acknowledged.
 */
const [dir = ''] = process.argv.slice(2);
const { journal, blobs } = await openRecords({ dir, clock: systemClock, log: silentLog, reserveBytes: 0 });
const config = configFile<Generation>(join(dir, 'box.json'), isGeneration);
let number = journal.head();

async function kiosk(): Promise<never> {
  for (;;) {
    const [requestId, name] = [randomUUID(), `А${++number}`];
    const body = { number: name, serviceId: 's', day: '2026-11-22', requestId };
    await journal.commit([{ type: 'ticket.issued', subject: randomUUID(), body }]);
    say('ticket', requestId, name);
  }
}

async function scanner(): Promise<never> {
  for (;;) {
    const page = await blobs.put(randomBytes(1 + (number % 9000)), 'image/jpeg');
    say('content', page.sha256);
    const [fact] = await journal.commit([factNaming(page)]);
    say('fact', fact?.subject ?? '');
  }
}

async function technician(): Promise<never> {
  for (let { generation } = (await config.read()) ?? { generation: 0 }; ; generation++) {
    await config.write({ generation: generation + 1, filler: 'ш'.repeat(3000) });
    say('config', generation + 1);
  }
}
await Promise.all([kiosk(), kiosk(), kiosk(), kiosk(), scanner(), technician()]);
