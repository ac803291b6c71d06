import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CentreConfig } from '../../central/config.ts';
import { brokerUsers } from '../../central/ingress/broker-users.ts';
import { openPostgresStorage } from '../../central/storage/postgres.ts';
import { root, startProgram } from '../../provisioning/demonstration/programs.ts';
import { enrolled, folder, identityOf, network, startBox, synced, until } from '../contract/sync-setting.ts';
import { openBooks, plainFact, silentLog } from '../fixtures/books.ts';
import { startPostgres, withoutPostgres } from '../fixtures/postgres-server.ts';
import { startRabbitMqCluster, withoutRabbitMq } from '../fixtures/rabbitmq-server.ts';
import { startTcpProxy } from '../simulators/tcp-proxy/tcp-proxy.ts';

/** Why a region on several machines cannot run here, or false. */
export const withoutCluster = withoutPostgres || withoutRabbitMq;

/** The region of docs/SCALE.md on one machine: brokers, two centres, one database, boxes at work. */
export async function startRegion(t: TestContext, brokerCount: number) {
  const dir = await folder(t);
  const server = await identityOf(network, 'centre', 'tls-server');
  const client = await identityOf(network, 'centre');
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  const brokers = await startRabbitMqCluster(brokerCount, server, client);
  t.after(() => brokers.stop());
  const database = await postgres.database();
  const file = async (name: string, text: string) => {
    await writeFile(join(dir, name), text);
    return join(dir, name);
  };
  const ca = await file('ca.pem', network.certificate);
  const ui = join(dir, 'ui');
  await mkdir(ui);
  const config: CentreConfig = {
    dataDir: join(dir, 'data'),
    database,
    rabbitmq: {
      ...{ urls: brokers.nodes.map(({ url }) => url), ca },
      ...{ cert: await file('client.pem', client.cert), key: await file('client-key.pem', client.key) },
    },
    blobs: { dir: join(dir, 'blobs') },
    host: '127.0.0.1',
    ports: { mqtt: 0, content: 0, operator: 0 },
    tls: { ca, cert: await file('cert.pem', server.cert), key: await file('key.pem', server.key) },
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

  const boxes: Awaited<ReturnType<typeof startBoxAt>>[] = [];
  for (const [index, box] of enrolled.entries()) boxes.push(await startBoxAt(box, index));
  /** A box at work whose address leads to the broker with that number, or to the first when there are fewer. */
  async function startBoxAt(box: string, broker: number) {
    const address = await startTcpProxy(brokers.nodes[broker % brokerCount]?.mqttPort);
    t.after(() => address.close());
    const started = await startBox(t, await folder(t), { messages: address, content: { port: 1 } }, { box });
    started.link.start();
    return { ...started, address };
  }
  const work = setInterval(() => {
    for (const { journal } of boxes) void journal.commit([plainFact(1), plainFact(2), plainFact(3)]);
  }, 10);
  t.after(() => clearInterval(work));

  return {
    postgres,
    brokers,
    centres,
    startCentre,
    boxes,
    /** Receipts go on for each box, and everything that has one is in the books. */
    async goesOn(what: string): Promise<void> {
      const beganMs = performance.now();
      for (const { box, journal } of boxes) {
        const goal = journal.head() + 100;
        await until(`${what}: receipts for ${box}`, () => journal.receiptedUpTo() >= goal);
      }
      for (const { box, journal } of boxes) {
        const upTo = journal.receiptedUpTo();
        const stored = await books.ledger.facts(box, journal.epoch);
        assert.deepEqual(stored.slice(0, upTo), journal.read(0, upTo), what);
      }
      t.diagnostic(`${what}: on again after ${Math.round(performance.now() - beganMs)} ms`);
    },
    /** Work ends, and the books hold every fact that any box ever wrote. */
    async nothingIsMissing(): Promise<void> {
      clearInterval(work);
      for (const box of boxes) {
        // What was begun last may be on its way to the disk still.
        await box.journal.settled();
        await synced(box);
        const { epoch } = box.journal;
        assert.deepEqual(await books.ledger.facts(box.box, epoch), box.journal.read(0, 1_000_000));
        await box.stop();
      }
      assert.deepEqual(await books.troubles.newest(5), []);
    },
  };
}
