import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt from 'mqtt';
import { brokerUsers } from '../../central/ingress/broker-users.ts';
import { createContentDesk } from '../../central/ingress/content-desk.ts';
import { createContentMessages } from '../../central/ingress/content-messages.ts';
import { startEmbeddedBroker } from '../../central/ingress/embedded-broker.ts';
import type { IngressEvents } from '../../central/ingress/ingress.ts';
import { startRabbitMq } from '../../central/ingress/rabbitmq.ts';
import { createSessions } from '../../central/ingress/sessions.ts';
import { openContentHolders } from '../../central/ledger/content-holders.ts';
import type { TlsIdentity } from '../../device/sync/centre-line.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { openPartStore } from '../../platform/part-store.ts';
import { limits } from '../../protocol/limits.ts';
import { type Birth, encodeMessage } from '../../protocol/messages.ts';
import { up } from '../../protocol/topics.ts';
import { openTestCentre, openTestJournal, plainFact, silentLog } from '../fixtures/books.ts';
import { freePort } from '../fixtures/free-port.ts';
import { type RabbitMqCluster, startRabbitMqCluster, withoutRabbitMq } from '../fixtures/rabbitmq-server.ts';
import {
  enrolled,
  folder,
  foreigners,
  identityOf,
  network,
  startBox,
  synced,
  until,
} from './sync-setting.ts';

const serverTls = await identityOf(network, 'centre', 'tls-server');
const centreTls = await identityOf(network, 'centre');
const isEnrolled = (box: string) => enrolled.includes(box);

type Books = Awaited<ReturnType<typeof openTestCentre>>;
interface Opened {
  mqttPort: number;
  send(topic: string, payload: Buffer): void;
  close(): Promise<void>;
}
/** An adapter on its way into a centre; every opening is another centre behind the same address. */
type Open = (events: IngressEvents, onCloned: (box: string) => Promise<void>) => Promise<Opened>;

function ingressContract(open: Open): void {
  async function startCentre(t: TestContext, change: (books: Books) => Books = books => books) {
    const books = change(await openTestCentre());
    const heard: string[] = [];
    const dir = await folder(t);
    const blobs = await openBlobStore(dir);
    const desk = createContentDesk({
      ...{ blobs, downLogs: books.downLogs, holders: openContentHolders(books.storage) },
      parts: await openPartStore(join(dir, 'part'), blobs),
      onComplete: async blob => void (await books.ledger.contentArrived(blob)),
    });
    const send = (topic: string, payload: Buffer) => ingress.send(topic, payload);
    const sessions = createSessions({
      ...books,
      clock: systemClock,
      log: silentLog,
      send,
      onBirth: async () => {},
      onChange: () => {},
    });
    const facts: IngressEvents['facts'] = (box, payload) => {
      heard.push(box);
      return sessions.facts(box, payload);
    };
    const onCloned = (box: string) => books.troubles.raise('sync.identity-cloned', box, { box });
    const ingress = await open(
      { ...sessions, facts, content: createContentMessages({ desk, send, log: silentLog }) },
      onCloned,
    );
    let ended = false;
    const end = async () => {
      if (ended) return;
      ended = true;
      await ingress.close();
      await sessions.stop();
    };
    t.after(end);
    return { ...books, blobs, mqttPort: ingress.mqttPort, heard, end };
  }

  async function connect(t: TestContext, port: number, clientId: string, tls: TlsIdentity) {
    const options = { ...tls, clientId, clean: true, reconnectPeriod: 0, connectTimeout: 5000 };
    const client = mqtt.connect(`mqtts://127.0.0.1:${port}`, options);
    t.after(() => client.end(true));
    client.on('error', () => {});
    const outcome = await new Promise<string>(resolve => {
      client.once('connect', () => resolve('connected'));
      client.once('close', () => resolve('closed'));
    });
    if (outcome === 'closed') throw new Error('refused');
    return client;
  }
  const boxOn = async (t: TestContext, port: number) => {
    const line = { messages: { port }, content: { port: 1 } };
    return await startBox(t, await folder(t), line, { ways: ['mqtt'] });
  };
  async function envelopes(count: number) {
    const { journal } = openTestJournal();
    await journal.commit(Array.from({ length: count }, (_, n) => plainFact(n)));
    const { epoch } = journal;
    const message = (after: number, limit: number) =>
      encodeMessage({ v: 1, epoch, facts: journal.read(after, limit) });
    return { journal, message };
  }

  test('receipts and the downlink reach the box, and what it says reaches the books', async t => {
    const centre = await startCentre(t);
    const box = await boxOn(t, centre.mqttPort);
    await box.journal.commit(Array.from({ length: 600 }, (_, n) => plainFact(n)));
    box.link.start();
    await synced(box);
    assert.deepEqual(await centre.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 1000));
    const caseId = '00000000-0000-4000-8000-000000000000';
    const body = { caseId, status: 'registered', by: 'agency' as const, saidAt: new Date().toISOString() };
    await centre.tell(box.box, { type: 'case.status', body });
    await until('entry receipted', async () => (await centre.downLogs.log(box.box)).receipted === 1);
    await box.stop();
  });

  test('F18 what a centre did not store comes again to the next one, and no receipt was given for it', async t => {
    const dying = await startCentre(t, books => ({
      ...books,
      ledger: { ...books.ledger, accept: () => Promise.reject(new Error('disk gone')) },
    }));
    const box = await boxOn(t, dying.mqttPort);
    await box.journal.commit(Array.from({ length: 50 }, (_, n) => plainFact(n)));
    box.link.start();
    await until('facts heard', () => dying.heard.length > 0);
    assert.equal(box.journal.receiptedUpTo(), 0);
    await dying.end();
    assert.equal(box.journal.receiptedUpTo(), 0);
    const next = await startCentre(t);
    await synced(box);
    assert.deepEqual(await next.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 100));
    await box.stop();
  });

  test('content goes up and down over the second session of a box', async t => {
    const centre = await startCentre(t);
    const box = await boxOn(t, centre.mqttPort);
    const bytes = randomBytes(700_000);
    const content = await box.blobs.put(bytes, 'application/octet-stream');
    await box.content.upload(content);
    assert.ok(bytes.equals(await centre.blobs.get(content.sha256)));
    const result = await centre.blobs.put(randomBytes(400_000), 'application/octet-stream');
    const body = { caseId: randomUUID(), result, saidAt: new Date().toISOString() };
    await centre.tell(box.box, { type: 'case.result', body });
    await box.content.download(result);
    assert.equal((await box.blobs.get(result.sha256)).length, result.sizeBytes);
    await box.stop();
  });

  test('F19 what comes twice is stored once', async t => {
    const centre = await startCentre(t);
    const { journal, message } = await envelopes(20);
    const client = await connect(t, centre.mqttPort, 'mfc-041', await identityOf(network, 'mfc-041'));
    for (const payload of [message(0, 20), message(5, 10), message(0, 20), message(0, 20)])
      await client.publishAsync(up('mfc-041').facts, payload, { qos: 1 });
    await until('all heard', () => centre.heard.length === 4);
    await until(
      'all stored',
      async () => (await centre.ledger.receipt('mfc-041', journal.epoch)).upTo === 20,
    );
    assert.deepEqual(await centre.ledger.facts('mfc-041', journal.epoch), journal.read(0, 100));
    assert.deepEqual(await centre.troubles.newest(1), []);
  });

  test('F22 garbage on any topic is acknowledged, told, and holds up nothing behind it', async t => {
    const centre = await startCentre(t);
    const { journal, message } = await envelopes(3);
    const client = await connect(t, centre.mqttPort, 'mfc-041', await identityOf(network, 'mfc-041'));
    for (const topic of Object.values(up('mfc-041')))
      await client.publishAsync(topic, Buffer.from('garbage'), { qos: 1 });
    await client.publishAsync(up('mfc-041').facts, message(0, 3), { qos: 1 });
    await until('stored', async () => (await centre.ledger.receipt('mfc-041', journal.epoch)).upTo === 3);
    assert.deepEqual(
      (await centre.troubles.newest(9)).map(({ code }) => code),
      ['sync.protocol-unknown'],
    );
  });

  test('SEC a box speaks on its own topics only', async t => {
    const centre = await startCentre(t);
    const { message } = await envelopes(3);
    const other = await connect(t, centre.mqttPort, 'mfc-042', await identityOf(network, 'mfc-042'));
    const closed = new Promise<void>(resolve => other.once('close', () => resolve()));
    other.publish(up('mfc-041').facts, message(0, 3), { qos: 1 });
    await closed;
    const own = await connect(t, centre.mqttPort, 'mfc-042', await identityOf(network, 'mfc-042'));
    await own.publishAsync(up('mfc-042').facts, message(0, 3), { qos: 1 });
    await until('the own message', () => centre.heard.length > 0);
    assert.deepEqual(centre.heard, ['mfc-042']);
  });

  test('SEC a box hears its own topics only', async t => {
    const centre = await startCentre(t);
    const heard: string[] = [];
    const identity = await identityOf(network, 'mfc-042');
    for (const topic of ['okno/1/down/mfc-041/log', 'okno/1/down/+/log', '#']) {
      const client = await connect(t, centre.mqttPort, 'mfc-042', identity);
      client.on('message', name => heard.push(name));
      // One broker answers that it may not, the other one hangs up; the last connection stays if it can.
      const closed = new Promise<void>(resolve => client.once('close', () => resolve()));
      await Promise.race([closed, client.subscribeAsync(topic, { qos: 0 }).catch(() => undefined)]);
    }
    const body = {
      caseId: '00000000-0000-4000-8000-000000000000',
      status: 'registered',
      by: 'agency' as const,
    };
    const box = await boxOn(t, centre.mqttPort);
    box.link.start();
    await centre.tell(box.box, { type: 'case.status', body: { ...body, saidAt: new Date().toISOString() } });
    await until('entry receipted', async () => (await centre.downLogs.log(box.box)).receipted === 1);
    await sleep(50);
    assert.deepEqual(heard, []);
    await box.stop();
  });

  test('SEC one identity holds few connections', async t => {
    const centre = await startCentre(t);
    const identity = await identityOf(network, 'mfc-042');
    let connected = 0;
    for (let n = 0; n < 8; n++)
      await connect(t, centre.mqttPort, `mfc-042-${n}`, identity).then(
        () => connected++,
        () => {},
      );
    assert.ok(connected <= 3, String(connected));
  });

  test('F22 a message above the limit is not taken, and what comes after it is', async t => {
    const centre = await startCentre(t);
    const identity = await identityOf(network, 'mfc-041');
    const huge = await connect(t, centre.mqttPort, 'mfc-041', identity);
    // One broker acknowledges and drops it, the other one answers this connection no more.
    const payload = Buffer.alloc(limits.messageBytes + 1);
    const published = huge.publishAsync(up('mfc-041').facts, payload, { qos: 1 });
    await Promise.race([published, sleep(1000)]);
    const { journal, message } = await envelopes(3);
    const client = await connect(t, centre.mqttPort, 'mfc-041', identity);
    await client.publishAsync(up('mfc-041').facts, message(0, 3), { qos: 1 });
    await until('stored', async () => (await centre.ledger.receipt('mfc-041', journal.epoch)).upTo === 3);
    assert.equal(centre.heard.length, 1);
  });

  test('F12 two machines with one identity are heard no more, and the operators are told', async t => {
    const centre = await startCentre(t);
    const identity = await identityOf(network, 'mfc-042');
    const { journal, message } = await envelopes(3);
    const say = async (topic: string, payload: Buffer) => {
      const client = await connect(t, centre.mqttPort, 'mfc-042', identity).catch(() => undefined);
      // Acknowledged, or cut off: MQTT.js tells nobody about the latter.
      await new Promise<void>(resolve => {
        client?.once('close', () => resolve());
        if (client) client.publish(topic, payload, { qos: 1 }, () => resolve());
        else resolve();
      });
      client?.end(true);
    };
    const troubles = async () => (await centre.troubles.newest(9)).map(({ code }) => code);
    const birth = (session: number) =>
      encodeMessage({
        ...{ v: 1, session, software: 'copy', epoch: journal.epoch, oldestSeq: 1, newestSeq: 3 },
        ...{ registerVersion: 1, clock: 'trusted', at: new Date().toISOString(), peripherals: [] },
        heard: { log: null, upTo: 0 },
      } satisfies Birth);
    for (let session = 5; session < 9; session++)
      for (let machine = 0; machine < 2; machine++) await say(up('mfc-042').birth, birth(session));
    await until('told', async () => (await troubles()).includes('sync.identity-cloned'));
    await say(up('mfc-042').facts, message(0, 3));
    await sleep(200);
    assert.deepEqual(centre.heard, []);
  });

  for (const [who, identity] of [
    ['of a foreign authority', () => identityOf(foreigners, 'mfc-041')],
    ['that is not enrolled', () => identityOf(network, 'mfc-999')],
  ] as const)
    test(`SEC a client ${who} is refused`, async t => {
      const centre = await startCentre(t);
      await assert.rejects(connect(t, centre.mqttPort, 'mfc-999', await identity()), /refused/);
    });
}

describe('embedded broker', async () => {
  const port = await freePort();
  ingressContract(async (events, onCloned) => {
    const options = { host: '127.0.0.1', port, tls: serverTls, isEnrolled, log: silentLog };
    const ingress = await startEmbeddedBroker({ ...options, events, onCloned });
    return { ...ingress, mqttPort: ingress.port };
  });
});

describe('RabbitMQ', { skip: withoutRabbitMq }, () => {
  let cluster: RabbitMqCluster;
  before(async () => {
    cluster = await startRabbitMqCluster(1, serverTls, centreTls);
    // The queue is bound first: before that no box may come.
    const noEvents = {} as IngressEvents;
    await (await centreOf(noEvents, async () => {})).close();
    await cluster.define(brokerUsers(enrolled));
  });
  after(() => cluster.stop());
  const centreOf = (events: IngressEvents, onCloned: (box: string) => Promise<void>) => {
    const urls = cluster.nodes.map(({ url }) => url);
    return startRabbitMq({ urls, tls: centreTls, isEnrolled, events, onCloned, log: silentLog });
  };
  ingressContract(async (events, onCloned) => {
    const ingress = await centreOf(events, onCloned);
    return { ...ingress, mqttPort: cluster.nodes[0]?.mqttPort ?? 0 };
  });
});
