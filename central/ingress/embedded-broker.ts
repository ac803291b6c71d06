import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import { down, parseUp } from '../../protocol/topics.ts';
import { createCloneWatch, quarantineMs } from './clone-watch.ts';
import type { Ingress, IngressEvents } from './ingress.ts';
import { guardPackets } from './packet-guard.ts';
import { createRateLimit } from './rate-limit.ts';
import { receive } from './receive.ts';

export interface EmbeddedBrokerOptions {
  host: string;
  port: number;
  tls: { ca: string; cert: string; key: string };
  /** Boxes that may connect, by the common name of their certificate. */
  isEnrolled: (box: string) => boolean;
  events: IngressEvents;
  /** Two machines use the identity of this box; it is shut out for a while (F12). */
  onCloned: (box: string) => Promise<void>;
  log: Log;
}

/** Above this a client is slowed down: a box that empties its outbox sends some 40 envelopes a second. */
const messageRate = { perSecond: 500, burst: 2_000 };
const byteRate = { perSecond: 16 * 1024 * 1024, burst: 64 * 1024 * 1024 };
/** A client that says nothing after the TLS handshake, or takes longer for it, is dropped. */
const helloTimeoutMs = 10_000;
/** A client that does not read what it is sent is dropped. */
const drainTimeoutMs = 30_000;

/** Returned to aedes for CONNACK code 5. */
const notAuthorised = Object.assign(new Error('not authorised'), { returnCode: 5 as const });
/** Ends the connection. Without it aedes would hand the message on to whoever hears that topic. */
const foreignTopic = new Error('foreign topic');

/**
 * aedes in this process. It acknowledges before it stores, so the gate sits in `authorizePublish`, the
 * only hook ahead of the PUBACK: facts are committed there first. On a box's own topics the gate never
 * answers with an error, which would make the box send the same thing for ever.
 */
export async function startEmbeddedBroker(
  options: EmbeddedBrokerOptions,
): Promise<Ingress & { port: number }> {
  const { events, isEnrolled, log } = options;
  const broker = await Aedes.createBroker({
    connectTimeout: helloTimeoutMs,
    drainTimeout: drainTimeoutMs,
    heartbeatInterval: 30_000,
    keepaliveLimit: limits.keepaliveSeconds,
    maxTopicLevels: 8,
  });
  const clones = createCloneWatch(quarantineMs, box => {
    options.onCloned(box).catch(error => log.error({ box, err: error }, 'a cloned box could not be told of'));
  });
  const slowDown = new WeakMap<Client, (sizeBytes: number) => number>();

  broker.authenticate = (client, _user, _password, done) => {
    const name = commonName(client);
    if (name !== undefined && name === client.id && isEnrolled(name)) {
      if (!clones.inQuarantine(name, performance.now())) return done(null, true);
      log.error({ box: name, code: 'sync.identity-cloned' }, 'a box in quarantine was refused');
      return done(notAuthorised as never, false);
    }
    log.warn({ certificate: name, client: client.id }, 'a client was refused');
    done(notAuthorised as never, false);
  };
  broker.authorizeSubscribe = (client, subscription, done) => {
    const allowed = Object.values(down(client.id));
    done(null, allowed.includes(subscription.topic) ? subscription : null);
  };
  broker.authorizePublish = (client, packet, done) => {
    const target = parseUp(packet.topic);
    if (!client || !target || target.box !== client.id) {
      log.warn({ client: client?.id, topic: packet.topic }, 'a message on a foreign topic was refused');
      return done(foreignTopic);
    }
    packet.retain = false;
    const waitMs = delayFor(client, packet.payload.length);
    const turn = waitMs > 0 ? sleep(waitMs) : Promise.resolve();
    const payload = Buffer.from(packet.payload);
    turn
      .then(() => receive(watched(client), log, { ...target, payload }))
      .then(
        () => done(null),
        (error: unknown) => {
          // Not stored, hence not acknowledged: the connection ends and the box sends again.
          log.error({ box: target.box, code: codeOf(error), err: error }, 'a message could not be stored');
          client.close();
        },
      );
  };

  /** Milliseconds that a client has to wait for its turn. A held callback stops the reading of its socket. */
  function delayFor(client: Client, sizeBytes: number): number {
    let limit = slowDown.get(client);
    if (!limit) {
      const [messages, bytes] = [createRateLimit(messageRate), createRateLimit(byteRate)];
      limit = size => {
        const now = performance.now();
        return Math.max(messages(1, now), bytes(size, now));
      };
      slowDown.set(client, limit);
    }
    return limit(sizeBytes);
  }

  /** The same, with an eye on births: two machines may use one identity (F12). */
  const watched = (client: Client): IngressEvents => ({
    ...events,
    async birth(box, birth) {
      const { epoch, session } = birth;
      if (clones.born(box, { epoch, session, connection: client }, performance.now())) client.close();
      else await events.birth(box, birth);
    },
  });

  const sockets = new Set<TLSSocket>();
  const server = createServer(
    {
      ...options.tls,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      handshakeTimeout: helloTimeoutMs,
    },
    socket => {
      sockets.add(socket);
      // Small messages must not wait for the acknowledgement of those before them.
      socket.setNoDelay(true);
      guardPackets(socket, limits.packetBytes, () => {
        log.warn({ from: socket.remoteAddress }, 'a client announced an oversized packet and was dropped');
        socket.destroy();
      });
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', error => log.debug({ reason: String(error) }, 'a connection broke'));
      broker.handle(socket);
    },
  );
  server.on('tlsClientError', error => log.debug({ reason: String(error) }, 'a TLS handshake failed'));
  broker.on('clientError', (client: Client, error: Error) =>
    log.debug({ box: client.id, reason: String(error) }, 'client error'),
  );
  const port = await listen(server, options.port, options.host);

  return {
    port,
    send(topic, payload) {
      const packet = {
        cmd: 'publish',
        topic,
        payload,
        qos: 0,
        retain: false,
        dup: false,
      } as AedesPublishPacket;
      broker.publish(packet, error => {
        if (error) log.debug({ topic, reason: String(error) }, 'not delivered');
      });
    },
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      await new Promise<void>(resolve => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function commonName(client: Client): string | undefined {
  const subject = (client.conn as TLSSocket).getPeerCertificate().subject as { CN?: string } | undefined;
  return subject?.CN;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as { port: number }).port);
    });
  });
}
