import { createPrivateKey, randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRegister } from '../../../device/config/register-file.ts';
import { createHall } from '../../../device/hall/hall.ts';
import { keepCheckpoints } from '../../../device/journal/checkpoints.ts';
import { openObservations } from '../../../device/journal/observations.ts';
import { openRecords } from '../../../device/journal/open-records.ts';
import { readParkedEntries } from '../../../device/journal/parked-entries.ts';
import type { TicketPrinter } from '../../../device/peripherals/driver.ts';
import { createCentreLine } from '../../../device/sync/centre-line.ts';
import { createContentClient } from '../../../device/sync/content-client.ts';
import { createDownlink } from '../../../device/sync/downlink.ts';
import { httpsWay } from '../../../device/sync/https-way.ts';
import { createLink } from '../../../device/sync/link.ts';
import { mqttWay } from '../../../device/sync/mqtt-way.ts';
import { createBackoff } from '../../../platform/backoff.ts';
import { systemClock as clock } from '../../../platform/clock.ts';
import { createLog } from '../../../platform/log.ts';
import { openPartStore } from '../../../platform/part-store.ts';
import type { Me } from '../../../protocol/api/people.ts';
import { AppError } from '../../../protocol/app-error.ts';
import { boxConfig } from '../../bench/setting/box-config.ts';
import { factNaming } from '../../fixtures/books.ts';
import { say } from '../books/told.ts';
import { type BoxWish, endWithParent } from './wishes.ts';

/**
 * `box WISH-FILE`: a box as `device/main.ts` builds it, without pages and peripherals, with kiosks, a clerk
 * and a scanner that work without a pause until they are asked to be quiet. Says what it acknowledges.
 */
endWithParent();
const wish = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BoxWish;
const { box, dir, tls } = wish;
const log = createLog(box, 'silent');
const config = boxConfig(box, dir);
const { db, journal, boxState, blobs, clockTrust } = await openRecords({ dir, clock, log, reserveBytes: 0 });
const observations = openObservations({ db, journal, clock, log, isDiskLow: async () => false });
const register = await openRegister(db, blobs, wish.register, log);
const printer: TicketPrinter = {
  async print({ number }) {
    say('printed', number);
    return { kind: 'printed', bytes: 0 };
  },
  status: async () => ({
    online: true,
    coverOpen: false,
    paperOut: false,
    paperNearEnd: false,
    fault: false,
  }),
  close: async () => {},
};
const hall = createHall({ db, journal, clock, config, register, printer, publicUrl: () => '', log });
await hall.recover();
const seal = { key: createPrivateKey(tls.key), certificate: new X509Certificate(tls.cert).raw };
keepCheckpoints({ journal, box, seal, log, everyFacts: 40, everyMs: 60_000 });
const backoffMs = { base: 20, ceiling: 300 };
const line = createCentreLine({ tls, present: clockTrust.present });
const content = createContentClient({
  ways: [
    httpsWay({ url: wish.contentUrl, line, requestTimeoutMs: 3000 }),
    mqttWay({ url: wish.mqttUrl, box, line, requestTimeoutMs: 3000 }),
  ],
  parts: await openPartStore(join(dir, 'blobs', 'part'), blobs),
  ...{ blobs, clock, log, backoffMs },
});
const downlink = createDownlink({
  ...{ journal, state: boxState, blobs, content, log },
  parked: () => readParkedEntries(db),
  handlers: {
    status: ({ caseId, status, by, saidAt }, downSeq) => [
      { type: 'case.status-received', subject: caseId, body: { status, by, saidAt, downSeq } },
    ],
    result: async () => [],
    register: async () => [],
    appointment: () => [],
    destroyed: async () => [],
  },
});
const link = createLink({
  ...{ box, line, journal, boxState, observations, content, downlink, clock, log, url: wish.mqttUrl },
  birth: () => ({ software: 'okno-test', registerVersion: 0, clock: clockTrust.quality(), peripherals: [] }),
  onCentreTime: at => clockTrust.centreSaid(at),
  onChange: () => {},
  backoff: createBackoff(backoffMs.base, backoffMs.ceiling),
});
link.start();

let isQuiet = false;
const clerk: Me = { login: 'clerk-1', name: 'Окошкина Анна', post: '', role: 'clerk', window: '1' };

/** Asks again for what was asked before a kill: the same wish gets the same number. */
async function kiosk(wishes: readonly string[]): Promise<void> {
  for (const unanswered = [...wishes]; !isQuiet || unanswered.length > 0; ) {
    const requestId = unanswered.pop() ?? randomUUID();
    say('asked', requestId);
    const { number } = await hall.issue({ requestId, serviceId: 'inn-certificate' });
    say('ticket', requestId, number);
    await sleep(wish.paceMs);
  }
}

async function window(): Promise<void> {
  for (; !isQuiet; await sleep(wish.paceMs))
    try {
      const { mine } = hall.queue(clerk);
      if (!mine) await hall.callNext(clerk);
      else if (mine.state === 'called') await hall.came(clerk, mine.ticketId);
      else await hall.finish(clerk, mine.ticketId);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'queue.nobody-waiting') throw error;
    }
}

async function scanner(): Promise<void> {
  for (; !isQuiet; await sleep(3 * wish.paceMs)) {
    const page = await blobs.put(randomBytes(20_000), 'image/jpeg');
    say('content', page.sha256);
    const [fact] = await journal.commit([factNaming(page)]);
    say('fact', fact?.subject ?? '');
  }
}

process.on('message', () => {
  isQuiet = true;
});
say('ready');
await Promise.all([kiosk(wish.unanswered), kiosk([]), window(), scanner()]);
say('quiet');
