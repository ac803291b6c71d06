import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CentreConfig } from '../../central/config.ts';
import { brokerUsers } from '../../central/ingress/broker-users.ts';
import { openPostgresStorage } from '../../central/storage/postgres.ts';
import { root, startProgram } from '../../provisioning/demonstration/programs.ts';
import { enrolled, folder, identityOf, network, startBox, synced, until } from '../contract/sync-setting.ts';
import { openBooks, plainFact, silentLog } from '../fixtures/books.ts';
import { startPostgres, withoutPostgres } from '../fixtures/postgres-server.ts';
import { startRabbitMqCluster, withoutRabbitMq } from '../fixtures/rabbitmq-server.ts';
import { startTcpProxy } from '../simulators/tcp-proxy/tcp-proxy.ts';

/** The region of docs/SCALE.md on one machine: a broker, two centres, one database. */
async function startRegion(t: TestContext) {
  const dir = await folder(t);
  const tls = await identityOf(network, 'centre', 'tls-server');
  const [postgres, brokers] = await Promise.all([startPostgres(), startRabbitMqCluster(1, tls)]);
  t.after(() => Promise.all([postgres.stop(), brokers.stop()]));
  const database = await postgres.database();
  const file = async (name: string, text: string) => {
    await writeFile(join(dir, name), text);
    return join(dir, name);
  };
  const ca = await file('ca.pem', tls.ca);
  const ui = join(dir, 'ui');
  await mkdir(ui);
  const config: CentreConfig = {
    dataDir: join(dir, 'data'),
    database,
    rabbitmq: { urls: brokers.nodes.map(({ url }) => url) },
    blobsDir: join(dir, 'blobs'),
    host: '127.0.0.1',
    ports: { mqtt: 0, content: 0, operator: 0 },
    tls: { ca, cert: await file('cert.pem', tls.cert), key: await file('key.pem', tls.key) },
    trust: { clerks: ca, boxes: ca, officers: ca, agencySystems: ca },
    register: join(root, 'provisioning/demonstration/register.json'),
    boxes: enrolled.map(box => ({ box, name: { ru: box, en: box } })),
    agencies: [],
    pollAgenciesMs: 1000,
    timeZone: 'Europe/Moscow',
    operators: [],
    logLevel: 'warn',
  };
  const configPath = await file('centre.json', JSON.stringify(config));
  const startCentre = async (name: string) => {
    const logFile = join(dir, `${name}.log`);
    const centre = await startProgram({ script: 'central/main.ts', args: [configPath, ui], logFile });
    t.after(() => centre.kill());
    return centre;
  };
  const centres = await Promise.all([startCentre('one'), startCentre('two')]);
  // Only now, with the queue bound, may boxes come.
  await brokers.define(brokerUsers(enrolled));
  const books = openBooks(await openPostgresStorage(database, silentLog));
  t.after(() => books.storage.close());
  const address = await startTcpProxy();
  t.after(() => address.close());
  return { postgres, brokers, centres, startCentre, books, address };
}

const without = withoutPostgres || withoutRabbitMq;

test('F18, F20 a broker, a centre and the database die one after the other: nothing acknowledged is missing', {
  skip: without,
}, async t => {
  const { postgres, brokers, centres, startCentre, books, address } = await startRegion(t);
  const [broker] = brokers.nodes;
  const [one, two] = centres;
  address.target = broker?.mqttPort;
  const boxes: Awaited<ReturnType<typeof startBox>>[] = [];
  for (const box of enrolled)
    boxes.push(await startBox(t, await folder(t), { messages: address, content: { port: 1 } }, { box }));
  for (const { link } of boxes) link.start();
  const work = setInterval(() => {
    for (const { journal } of boxes) void journal.commit([plainFact(1), plainFact(2), plainFact(3)]);
  }, 10);
  t.after(() => clearInterval(work));

  async function goesOn(what: string): Promise<void> {
    const beganMs = performance.now();
    for (const { journal } of boxes) {
      const goal = journal.head() + 100;
      await until(`${what}: receipts go on`, () => journal.receiptedUpTo() >= goal, 40_000);
    }
    for (const { box, journal } of boxes) {
      const upTo = journal.receiptedUpTo();
      const stored = await books.ledger.facts(box, journal.epoch);
      assert.deepEqual(stored.slice(0, upTo), journal.read(0, upTo), what);
    }
    t.diagnostic(`${what}: on again after ${Math.round(performance.now() - beganMs)} ms`);
  }

  await goesOn('everything up');
  await broker?.kill();
  await broker?.start();
  await goesOn('the broker killed and started');
  await one?.kill();
  await goesOn('a centre killed');
  await postgres.kill();
  await postgres.start();
  await goesOn('the database killed and started');
  await startCentre('one again');
  await two?.kill();
  await goesOn('the other centre killed, the first one back');

  clearInterval(work);
  for (const box of boxes) {
    await synced(box);
    assert.deepEqual(await books.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 1_000_000));
    await box.stop();
  }
  assert.deepEqual(await books.troubles.newest(5), []);
});
