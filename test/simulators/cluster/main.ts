import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { runProgram } from '../../../platform/program.ts';
import { startPostgres, withoutPostgres } from '../../fixtures/postgres-server.ts';
import { startRabbitMqCluster, withoutRabbitMq } from '../../fixtures/rabbitmq-server.ts';
import { startS3Server } from '../s3/s3-server.ts';

/*
 * What several centres share, with the programs that a region really runs: PostgreSQL and RabbitMQ of this
 * machine, on ports of their own; the S3 store is simulated. `POST /definitions` gives the broker definitions to import, as an
 * operator does with `rabbitmqctl import_definitions`. Everything is forgotten at the end.
 */
const { values: files } = parseArgs({
  options: {
    ca: { type: 'string', default: '' },
    cert: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    'centre-cert': { type: 'string', default: '' },
    'centre-key': { type: 'string', default: '' },
  },
});

await runProgram(async () => {
  const missing = withoutPostgres || withoutRabbitMq;
  if (missing) throw new Error(missing);
  const identity = async (cert: string, key: string) => ({
    ca: await readFile(files.ca, 'utf8'),
    cert: await readFile(cert, 'utf8'),
    key: await readFile(key, 'utf8'),
  });
  const server = await identity(files.cert, files.key);
  const centre = await identity(files['centre-cert'], files['centre-key']);
  const [postgres, brokers, content] = await Promise.all([
    startPostgres(),
    startRabbitMqCluster(1, server, centre),
    startS3Server(server),
  ]);
  const { url, region, accessKey, secretKey } = content;
  const control = createServer(async (request, response) => {
    if (request.method !== 'POST' || request.url !== '/definitions') return response.writeHead(404).end();
    await brokers.define((await json(request)) as object);
    response.writeHead(204).end();
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  return {
    database: await postgres.database(),
    brokers: brokers.nodes.map(({ url, mqttPort }) => ({ url, mqttPort })),
    content: { url, region, accessKey, secretKey },
    controlUrl: `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
    async stop() {
      control.close();
      await Promise.all([postgres.stop(), brokers.stop(), content.close()]);
    },
  };
});
