import { randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createContentServer } from '../../../central/http/content-server.ts';
import { createContentDesk } from '../../../central/ingress/content-desk.ts';
import { createContentMessages } from '../../../central/ingress/content-messages.ts';
import { startEmbeddedBroker } from '../../../central/ingress/embedded-broker.ts';
import { createSessions } from '../../../central/ingress/sessions.ts';
import { openContentHolders } from '../../../central/ledger/content-holders.ts';
import { openObservationBook } from '../../../central/ledger/observations.ts';
import { openSqliteInThread } from '../../../central/ledger/threaded-sqlite.ts';
import { openBlobStore } from '../../../platform/blob-store.ts';
import { systemClock as clock } from '../../../platform/clock.ts';
import { openPartStore } from '../../../platform/part-store.ts';
import { decodeMessage, Receipt } from '../../../protocol/messages.ts';
import { silentLog as log, openBooks } from '../../fixtures/books.ts';
import { say } from '../books/told.ts';
import { type CentreWish, endWithParent } from './wishes.ts';

/**
 * `centre WISH-FILE`: a centre as `central/main.ts` builds it, without pages and agencies, which has
 * something to tell its boxes without a pause until it is asked to be quiet. Says each receipt and each
 * content that it answers for.
 */
endWithParent();
const { dir, tls, boxes, paceMs } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as CentreWish;
const { storage, intake } = await openSqliteInThread({
  ...{ path: join(dir, 'centre.db'), sealAnchors: [new X509Certificate(tls.ca).raw], logLevel: 'silent' },
});
const { ledger, downLogs, troubles, tell } = openBooks(storage);
const blobs = await openBlobStore(join(dir, 'blobs'));
const parts = await openPartStore(join(dir, 'blobs', 'part'), blobs);
const isEnrolled = (box: string) => boxes.includes(box);
const sessions = createSessions({
  ...{ storage, intake, ledger, downLogs, troubles, clock, log },
  observations: openObservationBook(storage, clock),
  send(topic, payload) {
    if (topic.endsWith('/receipt')) {
      const { epoch, upTo } = decodeMessage(Receipt, payload);
      say('receipt', epoch, upTo, topic);
    }
    broker.send(topic, payload);
  },
  onBirth: async () => {},
  onChange: () => {},
});
const desk = createContentDesk({
  ...{ blobs, parts, downLogs, holders: openContentHolders(storage) },
  async onComplete(blob) {
    await sessions.sendReceipts(await ledger.contentArrived(blob));
  },
});
const content = await createContentServer({ desk, isEnrolled, tls, log });
content.addHook('onSend', async (request, reply) => {
  if (reply.statusCode === 201) say('content', /[0-9a-f]{64}/.exec(request.url)?.[0] ?? '');
});
const broker = await startEmbeddedBroker({
  ...{ host: '127.0.0.1', port: 0, tls, isEnrolled, log },
  events: {
    ...sessions,
    content: createContentMessages({ desk, log, send: (topic, payload) => broker.send(topic, payload) }),
  },
  onCloned: box => troubles.raise('sync.identity-cloned', box, { box }),
});
await content.listen({ host: '127.0.0.1', port: 0 });

let isQuiet = false;
process.on('message', () => {
  isQuiet = true;
});
say('ready', broker.port, (content.server.address() as { port: number }).port);
for (; !isQuiet; await sleep(10 * paceMs))
  for (const box of boxes)
    await tell(box, {
      type: 'case.status',
      body: { caseId: randomUUID(), status: 'registered', by: 'agency', saidAt: clock.now().toISOString() },
    });
say('quiet');
