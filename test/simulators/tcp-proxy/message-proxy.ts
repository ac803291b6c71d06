import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { TlsIdentity } from '../../../device/sync/centre-line.ts';
import { isPublish, type Packet, packetBytes, packetReader } from '../../bench/wire/packets.ts';

/**
 * What may become of a message on its way. One that is held back comes after the next one, or a little later
 * when there is none: one that never comes is dropped.
 */
export type Mishap = 'passed' | 'dropped' | 'doubled' | 'held back' | 'cut short' | 'spoilt';

/**
 * A bad broker between a box and the centre: it ends TLS on both sides, so that it can lose, repeat, reorder,
 * cut and spoil single messages, which TLS would turn into a broken connection. Everything else passes.
 */
export interface MessageProxy {
  port: number;
  /** How often each mishap befell a message. */
  counts: Record<Mishap, number>;
  close(): Promise<void>;
}

const longestHeldMs = 500;

export async function startMessageProxy(wish: {
  target: number;
  /** As the centre towards the box, and as the box towards the centre. */
  centre: TlsIdentity;
  box: TlsIdentity;
  /** Asked for each message, both ways. */
  mishap: () => Mishap;
}): Promise<MessageProxy> {
  const counts: MessageProxy['counts'] = {
    passed: 0,
    dropped: 0,
    doubled: 0,
    'held back': 0,
    'cut short': 0,
    spoilt: 0,
  };
  const sockets = new Set<TLSSocket>();

  function carry(from: TLSSocket, to: TLSSocket): void {
    const read = packetReader();
    let held: Buffer | undefined;
    let timer: NodeJS.Timeout | undefined;
    const letGo = () => {
      clearTimeout(timer);
      if (held) to.write(held);
      held = undefined;
    };
    from.on('data', chunk => {
      for (const packet of read(chunk)) {
        const bytes = packetBytes(packet);
        if (!isPublish(packet)) {
          to.write(bytes);
          continue;
        }
        const mishap = wish.mishap();
        counts[mishap]++;
        if (mishap === 'held back' && !held) {
          held = bytes;
          timer = setTimeout(letGo, longestHeldMs);
        } else {
          for (const each of become(mishap, packet, bytes)) to.write(each);
          letGo();
        }
      }
    });
    from.on('error', () => {});
    from.on('close', () => {
      clearTimeout(timer);
      sockets.delete(from);
      to.destroy();
    });
    sockets.add(from);
  }

  const server = createServer({ ...wish.centre, requestCert: true, rejectUnauthorized: true }, client => {
    const upstream = connect({ ...wish.box, host: '127.0.0.1', port: wish.target, servername: 'localhost' });
    carry(client, upstream);
    carry(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function become(mishap: Mishap, packet: Packet, bytes: Buffer): Buffer[] {
  switch (mishap) {
    case 'dropped':
      return [];
    case 'doubled':
      return [bytes, bytes];
    case 'cut short':
      return [withPayload(packet, payload => payload.subarray(0, payload.length - 5))];
    case 'spoilt':
      // The first bit of a deflated message says whether a block is the last one.
      return [withPayload(packet, ([first = 0, ...rest]) => Buffer.from([first ^ 1, ...rest]))];
    case 'held back':
    case 'passed':
      return [bytes];
  }
}

function withPayload(packet: Packet, change: (payload: Buffer) => Buffer): Buffer {
  const payloadAt = 2 + packet.body.readUInt16BE(0) + ((packet.flags & 0b110) === 0 ? 0 : 2);
  const body = [packet.body.subarray(0, payloadAt), change(packet.body.subarray(payloadAt))];
  return packetBytes({ ...packet, body: Buffer.concat(body) });
}
