import { readFileSync } from 'node:fs';
import amqp from 'amqplib';
import { answer, tell } from './conversation.ts';

/** `bare-consumer URL PREFETCH CA CERT KEY`, the last three PEM files: takes facts from the queue of the way up and does nothing but acknowledge. */
const [url = '', prefetch = '1', ...files] = process.argv.slice(2);
const [ca = '', cert, key] = files.map(path => readFileSync(path, 'utf8'));
const queue = 'okno.up';
const connection = await amqp.connect(url, { ca: [ca], cert, key, credentials: amqp.credentials.external() });
const channel = await connection.createChannel();
await channel.prefetch(Number(prefetch));
await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
await channel.bindQueue(queue, 'amq.topic', 'okno.1.up.#');
let facts = 0;
let wanted: { count: number; reached: () => void } | undefined;
await channel.consume(queue, message => {
  if (!message) throw new Error('the queue is gone');
  channel.ack(message);
  if (message.fields.routingKey.endsWith('.facts')) facts++;
  if (wanted && facts >= wanted.count) wanted.reached();
});

answer({
  /** Resolves when so many messages with facts were acknowledged. */
  taken: ({ count }) =>
    new Promise(resolve => {
      wanted = { count: Number(count), reached: () => resolve({ facts }) };
      if (facts >= wanted.count) wanted.reached();
    }),
});
tell({ ready: true });
process.on('SIGTERM', () => process.exit(0));
