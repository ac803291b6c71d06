import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { Aedes, type Client } from 'aedes';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import { content, down, parseUp, sessionOf, type UpKind } from '../../protocol/topics.ts';
import { createCloneWatch, quarantineMs } from './clone-watch.ts';
import { boxAt, type Enrolment } from './enrolment.ts';
import { gatherAcks } from './gathered-acks.ts';
import type { Ingress, IngressEvents } from './ingress.ts';
import { guardPackets } from './packet-guard.ts';
import { createRateLimit } from './rate-limit.ts';
import { receive } from './receive.ts';

export interface EmbeddedBrokerOptions extends Enrolment {
  host: string;
  port: number;
  tls: { ca: string; cert: string; key: string };
  events: IngressEvents;
  /** Two machines use the identity of this box; it is shut out for a while (F12). */
  onCloned: (box: string) => Promise<void>;
  log: Log;
}

/** Above this a client is slowed down: a box that empties its outbox sends some 40 envelopes a second. */
const messageRate = { perSecond: 500, burst: 2_000 };
const byteRate = { perSecond: 16 * 1024 * 1024, burst: 64 * 1024 * 1024 };
/**
 * So much of one client may wait for the database; then its socket is not read until some of it is stored.
 * aedes itself stops reading only while a read brings more packets than the line brings chunks.
 */
const heldBytes = 256 * 1024;
/** A client that says nothing after the TLS handshake, or takes longer for it, is dropped. */
const helloTimeoutMs = 10_000;
/** A client that does not read what it is sent is dropped. */
const drainTimeoutMs = 30_000;

/** Not in the types of aedes. */
type Pausable = Client & { pause(): void; resume(): void };

/** What belongs to one connection. */
interface Guest {
  /** Bytes that wait for the database. */
  heldBytes: number;
  events: IngressEvents;
  acknowledge(messageId: number): void;
  /** How long to wait for the turn of a message. A held callback stops the reading of the socket. */
  delayMs(sizeBytes: number): number;
}

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
  const { events, log } = options;
  const broker = await Aedes.createBroker({
    connectTimeout: helloTimeoutMs,
    drainTimeout: drainTimeoutMs,
    heartbeatInterval: 30_000,
    keepaliveLimit: limits.keepaliveSeconds,
    maxTopicLevels: 8,
  });
  // aedes gives out the wills of brokers that are silent for long, by the wall clock. This one hears not even
  // itself (see `publish` below): taken for one of them, it would tell every connected box dead.
  Object.assign(broker.brokers, { [broker.id]: Number.POSITIVE_INFINITY });
  const clones = createCloneWatch(quarantineMs, box => {
    options.onCloned(box).catch(error => log.error({ box, err: error }, 'a cloned box could not be told of'));
  });
  const guests = new WeakMap<Client, Guest>();
  /** Who hears a topic; it can only be one. */
  const hearers = new Map<string, Client>();
  broker.on('unsubscribe', (topics, client) => {
    for (const topic of topics) if (hearers.get(topic) === client) hearers.delete(topic);
  });
  // What boxes say is for this process alone, and no topic has to be matched for it.
  broker.publish = ((_packet: unknown, _client: unknown, done?: () => void) => done?.()) as Aedes['publish'];

  broker.authenticate = (client, _user, _password, done) => {
    const name = boxAt(client.conn as TLSSocket, options);
    if (name !== undefined && name === sessionOf(client.id).box) {
      if (!clones.inQuarantine(name, performance.now())) return done(null, true);
      log.error({ box: name, code: 'sync.identity-cloned' }, 'a box in quarantine was refused');
      return done(notAuthorised as never, false);
    }
    log.warn({ box: name, client: client.id }, 'a client was refused');
    done(notAuthorised as never, false);
  };
  broker.authorizeSubscribe = (client, subscription, done) => {
    const { topic } = subscription;
    const { box, isContent } = sessionOf(client.id);
    const isOwn = (isContent ? [content(box).down] : Object.values(down(box))).includes(topic);
    if (isOwn) hearers.set(topic, client);
    done(null, isOwn ? subscription : null);
  };
  broker.authorizePublish = (client, packet, done) => {
    const target = parseUp(packet.topic);
    if (!client || !target || !mayPublish(client, target)) {
      log.warn({ client: client?.id, topic: packet.topic }, 'a message on a foreign topic was refused');
      return done(foreignTopic);
    }
    packet.retain = false;
    const guest = guestOf(client);
    const { events, delayMs, acknowledge } = guest;
    const message = { ...target, payload: Buffer.from(packet.payload) };
    const sizeBytes = message.payload.length;
    hold(client as Pausable, guest, sizeBytes);
    const waitMs = delayMs(sizeBytes);
    const stored =
      waitMs > 0 ? sleep(waitMs).then(() => receive(events, log, message)) : receive(events, log, message);
    stored.then(
      () => {
        // A will has no number, and nobody is there to hear.
        if (packet.qos === 1 && packet.messageId !== undefined) {
          acknowledge(packet.messageId);
          // So that aedes does not do it once more.
          packet.qos = 0;
        }
        done(null);
        hold(client as Pausable, guest, -sizeBytes);
      },
      (error: unknown) => {
        // Not stored, hence not acknowledged: the connection ends and the box sends again.
        log.error({ box: target.box, code: codeOf(error), err: error }, 'a message could not be stored');
        client.close();
      },
    );
  };

  function hold(client: Pausable, guest: Guest, sizeBytes: number): void {
    const wasFull = guest.heldBytes >= heldBytes;
    guest.heldBytes += sizeBytes;
    const isFull = guest.heldBytes >= heldBytes;
    if (isFull && !wasFull) client.pause();
    if (!isFull && wasFull && !client.closed) client.resume();
  }

  function guestOf(client: Client): Guest {
    const known = guests.get(client);
    if (known) return known;
    const [messages, bytes] = [createRateLimit(messageRate), createRateLimit(byteRate)];
    const guest: Guest = {
      heldBytes: 0,
      acknowledge: gatherAcks(client.conn),
      delayMs(sizeBytes) {
        const now = performance.now();
        return Math.max(messages(1, now), bytes(sizeBytes, now));
      },
      // Two machines may use one identity (F12).
      events: {
        ...events,
        async birth(box, birth) {
          const { epoch, session } = birth;
          if (clones.born(box, { epoch, session, connection: client }, performance.now())) client.close();
          else await events.birth(box, birth);
        },
      },
    };
    guests.set(client, guest);
    return guest;
  }

  const server = createServer(
    {
      ...options.tls,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      handshakeTimeout: helloTimeoutMs,
    },
    socket => {
      // Small messages must not wait for the acknowledgement of those before them.
      socket.setNoDelay(true);
      guardPackets(socket, limits.packetBytes, () => {
        log.warn({ from: socket.remoteAddress }, 'a client announced an oversized packet and was dropped');
        socket.destroy();
      });
      socket.on('error', error => log.debug({ reason: String(error) }, 'a connection broke'));
      broker.handle(socket);
    },
  );
  // From their first byte on: one that is shaking hands when we close would stay for ever.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', error => log.debug({ reason: String(error) }, 'a TLS handshake failed'));
  broker.on('clientError', (client: Client, error: Error) =>
    log.debug({ box: client.id, reason: String(error) }, 'client error'),
  );
  const port = await listen(server, options.port, options.host);

  return {
    port,
    send(topic, payload) {
      // Quality of service 0: the connection brings it in order or breaks, and our receipts are repeated.
      const packet = { cmd: 'publish' as const, topic, payload, qos: 0 as const, retain: false, dup: false };
      hearers.get(topic)?.publish(packet, error => {
        if (error) log.debug({ topic, reason: String(error) }, 'not delivered');
      });
    },
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>(resolve => broker.close(() => resolve()));
      await closed;
    },
  };
}

/** Each session of a box on its own topics: facts never wait behind content. */
function mayPublish(client: Client, { box, kind }: { box: string; kind: UpKind }): boolean {
  const session = sessionOf(client.id);
  return session.box === box && session.isContent === (kind === 'content');
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
