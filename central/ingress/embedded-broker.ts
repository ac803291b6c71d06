import { createServer, type Server, type TLSSocket } from 'node:tls';
import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { down, parseUp } from '../../protocol/topics.ts';
import type { Ingress, IngressEvents } from './ingress.ts';
import { receive } from './receive.ts';

export interface EmbeddedBrokerOptions {
  host: string;
  port: number;
  tls: { ca: string; cert: string; key: string };
  /** Boxes that may connect, by the common name of their certificate. */
  isEnrolled: (box: string) => boolean;
  events: IngressEvents;
  log: Log;
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
  const { events, isEnrolled, log } = options;
  const broker = await Aedes.createBroker({ drainTimeout: 60_000, heartbeatInterval: 30_000 });

  broker.authenticate = (client, _user, _password, done) => {
    const name = commonName(client);
    if (name !== undefined && name === client.id && isEnrolled(name)) return done(null, true);
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
    receive(events, log, { ...target, payload: Buffer.from(packet.payload) }).then(
      () => done(null),
      (error: unknown) => {
        // Not stored, hence not acknowledged: the connection ends and the box sends again.
        log.error({ box: target.box, code: codeOf(error), err: error }, 'a message could not be stored');
        client.close();
      },
    );
  };

  const sockets = new Set<TLSSocket>();
  const server = createServer(
    { ...options.tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    socket => {
      sockets.add(socket);
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
        qos: 1,
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
