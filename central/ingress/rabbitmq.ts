import { setTimeout as sleep } from 'node:timers/promises';
import amqp, { type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { createBackoff } from '../../platform/backoff.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { parseUp } from '../../protocol/topics.ts';
import { type Acknowledgements, groupAcknowledgements } from './acknowledgements.ts';
import { createCloneWatch, quarantineMs } from './clone-watch.ts';
import type { Ingress, IngressEvents } from './ingress.ts';
import { receive } from './receive.ts';

export interface RabbitMqOptions {
  /** Nodes of the cluster, `amqps://host:port`. */
  urls: readonly string[];
  /** The authority of the brokers, and the identity by which they know the centre; PEM. */
  tls: { ca: string; cert: string; key: string };
  isEnrolled: (box: string) => boolean;
  events: IngressEvents;
  /** Two machines use the identity of this box; what they say is left without a receipt for a while (F12). */
  onCloned: (box: string) => Promise<void>;
  log: Log;
}

/** Where the MQTT plugin puts what boxes publish, with dots instead of slashes. */
const exchange = 'amq.topic';
const queue = 'okno.up';
/** Messages of one centre that are not stored yet: enough to fill a transaction. */
const prefetch = 1024;
/** What could not be stored waits so long before it comes again, here or at another centre. */
const storeAgainMs = 1000;

/**
 * Takes what boxes say from a quorum queue behind RabbitMQ's MQTT plugin. The plugin acknowledges to the
 * box when the queue has written the message on most nodes; the queue gets its acknowledgement after our
 * commit. Each centre of a region runs one of these on the same queue.
 *
 * Resolves when the queue is bound for the first time. Until then no box may have a user at the broker: a
 * message that no queue wants is acknowledged and dropped (docs/SCALE.md).
 */
export async function startRabbitMq(options: RabbitMqOptions): Promise<Ingress> {
  const { events, isEnrolled, log } = options;
  const backoff = createBackoff(200, 10_000);
  const clones = createCloneWatch(quarantineMs, box => {
    options.onCloned(box).catch(error => log.error({ box, err: error }, 'a cloned box could not be told of'));
  });
  const underWay = new Set<Promise<void>>();
  let current:
    | {
        connection: ChannelModel;
        channel: Channel;
        consumerTag: string;
        acks: Acknowledgements<ConsumeMessage>;
      }
    | undefined;
  let turn = 0;
  let stopped = false;

  async function connect(): Promise<void> {
    const url = new URL(options.urls[turn++ % options.urls.length] ?? '');
    url.searchParams.set('heartbeat', '10');
    const connection = await amqp.connect(url.href, {
      ...{ ...options.tls, ca: [options.tls.ca] },
      credentials: amqp.credentials.external(),
      timeout: 10_000,
    });
    connection.on('error', error =>
      log.warn({ reason: String(error) }, 'the connection to the broker broke'),
    );
    try {
      const channel = await connection.createChannel();
      channel.on('error', error => log.warn({ reason: String(error) }, 'the channel to the broker broke'));
      await channel.prefetch(prefetch);
      // Without a delivery limit: while the database is away a message comes again and again, and stays.
      await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      await channel.bindQueue(queue, exchange, 'okno.1.up.#');
      const acks = groupAcknowledgements<ConsumeMessage>({
        ackUpTo: message => settle(channel, () => channel.ack(message, true)),
        nack: message => settle(channel, () => channel.nack(message, false, true)),
      });
      const { consumerTag } = await channel.consume(queue, message => {
        // Null: the queue was deleted or its node went down; the connection is made anew.
        if (message) take(acks, message);
        else connection.close().catch(() => {});
      });
      current = { connection, channel, consumerTag, acks };
      channel.on('close', () => connection.close().catch(() => {}));
      connection.on('close', () => {
        if (current?.connection === connection) current = undefined;
        if (!stopped) void reconnect();
      });
    } catch (error) {
      await connection.close().catch(() => {});
      throw error;
    }
  }

  async function reconnect(): Promise<void> {
    while (!stopped) {
      await sleep(backoff.next());
      if (stopped) return;
      try {
        await connect();
        backoff.reset();
        return;
      } catch (error) {
        log.warn({ reason: String(error) }, 'the broker cannot be reached');
      }
    }
  }

  function take(acks: Acknowledgements<ConsumeMessage>, message: ConsumeMessage): void {
    acks.came(message);
    const work = handle(message).then(
      () => acks.stored(message),
      async (error: unknown) => {
        log.error({ code: codeOf(error), err: error }, 'a message could not be stored yet');
        await sleep(storeAgainMs);
        acks.refused(message);
      },
    );
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  /** On another channel the broker has given the message away again; it will be a duplicate. */
  function settle(channel: Channel, answer: () => void): void {
    if (current?.channel === channel) onOpenChannel(answer);
  }

  /** Between the end of a channel and our hearing of it, the library throws. */
  function onOpenChannel(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof amqp.IllegalOperationError)) throw error;
      log.debug({ reason: error.message }, 'the channel to the broker is closed');
    }
  }

  /**
   * The same, with an eye on births. Each is a connection of its own; one that the broker may have brought
   * before proves nothing. A centre sees only its share of them: clones take it longer to notice, and an
   * honest box looks honest all the same.
   */
  const watched: IngressEvents = {
    ...events,
    async birth(box, birth, isRepeat) {
      const { epoch, session } = birth;
      const now = performance.now();
      if (isRepeat || !clones.born(box, { epoch, session, connection: {} }, now))
        await events.birth(box, birth, isRepeat);
    },
  };

  async function handle({ fields, content }: ConsumeMessage): Promise<void> {
    const target = parseUp(fields.routingKey.replace(/^okno\.1\.up\.(.+)\.(\w+)$/, 'okno/1/up/$1/$2'));
    // The broker lets a box publish on its own topics only; this is about boxes that are enrolled no more.
    if (!target || !isEnrolled(target.box)) {
      log.warn({ routingKey: fields.routingKey }, 'a message of a foreign box was dropped');
      return;
    }
    if (clones.inQuarantine(target.box, performance.now())) {
      log.error({ box: target.box, code: 'sync.identity-cloned' }, 'a box in quarantine was not heard');
      return;
    }
    await receive(watched, log, { ...target, payload: content, isRepeat: fields.redelivered });
  }

  await connect();
  return {
    send(topic, payload) {
      const { channel } = current ?? {};
      const routingKey = topic.replaceAll('/', '.');
      if (channel) onOpenChannel(() => channel.publish(exchange, routingKey, payload));
    },
    async close() {
      stopped = true;
      if (!current) return;
      const { connection, channel, consumerTag, acks } = current;
      await channel.cancel(consumerTag).catch(() => {});
      await Promise.all(underWay);
      acks.now();
      await connection.close().catch(() => {});
    },
  };
}
