import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokerUsers } from '../../../central/ingress/broker-users.ts';
import { openPostgresStorage } from '../../../central/storage/postgres.ts';
import { readTlsIdentity } from '../../../platform/certificates.ts';
import { createLog } from '../../../platform/log.ts';
import { startPostgres, withoutPostgres } from '../../fixtures/postgres-server.ts';
import { startRabbitMqCluster, withoutRabbitMq } from '../../fixtures/rabbitmq-server.ts';
import { prepareCentre } from '../setting/centre.ts';
import { watchCpu } from '../setting/cpu-watch.ts';
import { atTheEnd } from '../setting/ending.ts';
import { printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { makeIdentities } from '../setting/identities.ts';
import { openMedium } from '../setting/medium.ts';
import { type Program, startProgram } from '../setting/programs.ts';
import { Skipped } from '../setting/skip.ts';

const window = 20;
/** As the centre's. */
const prefetch = 1024;

/**
 * The same boxes through a real RabbitMQ, first with a consumer that only acknowledges, then with centres
 * that store in a real PostgreSQL. A message counts when it was taken, and stored, for good.
 */
export async function ingestThroughRabbitMq(flags: Flags): Promise<void> {
  const missing = withoutRabbitMq || withoutPostgres;
  if (missing) throw new Skipped(missing);
  const medium = await openMedium();
  const fsyncMs = flags.number('fsync-ms', 5);
  const boxes = Array.from({ length: flags.number('boxes', 100) }, (_, index) => `mfc-${index + 1}`);
  const envelopes = Math.ceil(flags.number('messages', 40_000) / boxes.length);
  const messages = envelopes * boxes.length;
  const processes = Math.min(boxes.length, flags.number('processes', 2));
  const identities = await makeIdentities(join(medium.folder, 'identities'));
  const files = await Promise.all(boxes.map(async box => ({ box, ...(await identities.box(box)) })));
  const { ca, cert, key } = identities.client;
  const limit = await medium.limit(fsyncMs);

  // The servers take their environment from ours.
  Object.assign(process.env, medium.env('servers', fsyncMs));
  const broker = await startRabbitMqCluster(
    1,
    await readTlsIdentity(identities.server),
    await readTlsIdentity(identities.client),
  );
  atTheEnd(() => broker.stop());
  const postgres = await startPostgres();
  atTheEnd(() => postgres.stop());
  for (const name of ['LD_PRELOAD', 'OKNO_FSYNC_US', 'OKNO_FSYNC_COUNT']) delete process.env[name];
  const [node] = broker.nodes;
  if (!node) throw new Error('no node');
  say('RabbitMQ and PostgreSQL are up');

  async function senders(name: string): Promise<Program<unknown>[]> {
    const folder = join(medium.folder, name);
    await mkdir(folder, { recursive: true });
    const started = Array.from({ length: processes }, async (_, number) => {
      const path = join(folder, `boxes-${number}.json`);
      const own = files.filter((_file, index) => index % processes === number);
      const wish = {
        port: node?.mqttPort,
        boxes: own,
        envelopes,
        factsPerEnvelope: 1,
        window,
        movedBy: 'broker',
      };
      await writeFile(path, JSON.stringify(wish));
      const program = await startProgram('ingest-boxes', [path]);
      await program.heard;
      return program;
    });
    return await Promise.all(started);
  }

  const consumer = await startProgram('bare-consumer', [node.url, String(prefetch), ca, cert, key]);
  await consumer.heard;
  await broker.define(brokerUsers(boxes));
  let generators = await senders('bare');
  const bareCpu = watchCpu({ consumerCpu: consumer, boxesCpu: generators });
  const begunMs = performance.now();
  const taken = consumer.ask('taken', { count: messages });
  await Promise.all(generators.map(generator => generator.ask('begin')));
  await taken;
  const bare = (messages * 1000) / (performance.now() - begunMs);
  const what = `${boxes.length} boxes × window ${window}, 1 fact a message, fsync ${fsyncMs} ms`;
  const line = { bench: 'ingest', unit: 'messages/s', ...{ limit, limitUnit: 'fsync/s' } };
  printLine({
    ...line,
    ...{ case: `${what}, a consumer that only acknowledges`, peer: 'RabbitMQ' },
    ...{ value: bare, ratio: bare / limit, ...bareCpu() },
  });
  for (const program of [...generators, consumer]) await program.stop();

  const database = await postgres.database();
  const centres = [];
  for (let number = 0; number < flags.number('centres', 1); number++) {
    const folder = join(medium.folder, `centre-${number}`);
    const rabbitmq = { urls: [node.url], ...identities.client };
    const more = { database, rabbitmq, blobs: { dir: join(medium.folder, 'blobs') } };
    const prepared = await prepareCentre({ folder, identities, boxes, more });
    centres.push(await prepared.start());
  }
  generators = await senders('okno');
  const cpu = watchCpu({ centreCpu: centres, boxesCpu: generators });
  const times = await Promise.all(generators.map(each => each.ask<{ tookMs: number }>('run')));
  const shares = cpu();
  const value = (messages * 1000) / Math.max(...times.map(({ tookMs }) => tookMs));
  const storage = await openPostgresStorage(database, createLog('bench', 'error'));
  const [stored] = await storage.run<{ facts: number }>('select count(*) as facts from facts');
  await storage.close();
  if (stored?.facts !== messages) throw new Error(`${messages} were sent, the centre holds ${stored?.facts}`);
  printLine({
    ...line,
    case: `${what}, through RabbitMQ into PostgreSQL, ${centres.length} centre(s)`,
    ...{ value, limit: bare, limitUnit: 'messages/s of RabbitMQ alone', ratio: value / bare },
    ...shares,
  });
  for (const program of [...generators, ...centres]) await program.stop();
}
