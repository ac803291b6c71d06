import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Duplex, Transform, type TransformCallback } from 'node:stream';

/** A line that can fail in the ways lines fail; it knows nothing of what it carries. */
export interface TcpProxy {
  port: number;
  /** Where connections lead; undefined: nobody is there and each one is reset at once. */
  target: number | undefined;
  /** Bytes carried so far, both ways. */
  carriedBytes(): number;
  connections(): number;
  /** Resets every connection now. */
  cut(): void;
  /** Resets every connection after so many more bytes. */
  cutAfter(bytes: number): void;
  /** Half-open: connections stay and are taken, and nothing gets through, as behind a dead router (F20). */
  stall(on: boolean): void;
  /** Of the connection that carried most, that direction carries nothing any more, as if every packet were lost. */
  freezeBusiest(): void;
  /** Every piece comes so much later. */
  delay(ms: number): void;
  /** Flips one bit after so many more bytes. */
  corruptAfter(bytes: number): void;
  close(): Promise<void>;
}

/** One direction of a connection. */
interface Way {
  carried: number;
  isFrozen: boolean;
}

export async function startTcpProxy(target?: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const held = new Set<() => void>();
  const joined = new Set<Way>();
  let carried = 0;
  let stalled = false;
  let delayMs = 0;
  let cutAt = Number.POSITIVE_INFINITY;
  let corruptAt = Number.POSITIVE_INFINITY;

  function pass(chunk: Buffer, done: TransformCallback): void {
    const before = carried;
    carried += chunk.length;
    if (carried > corruptAt) {
      const at = corruptAt - before;
      chunk.writeUInt8(chunk.readUInt8(at) ^ 1, at);
      corruptAt = Number.POSITIVE_INFINITY;
    }
    done(null, chunk);
    if (carried > cutAt) {
      cutAt = Number.POSITIVE_INFINITY;
      cut();
    }
  }

  const line = (way: Way) =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        way.carried += chunk.length;
        if (way.isFrozen) return;
        const go = () => setTimeout(pass, delayMs, chunk, done);
        if (stalled) held.add(go);
        else if (delayMs > 0) go();
        else pass(chunk, done);
      },
    });

  function cut(): void {
    for (const socket of sockets) socket.resetAndDestroy();
    held.clear();
  }

  function join(from: Socket, to: Socket): void {
    const way: Way = { carried: 0, isFrozen: false };
    joined.add(way);
    const through: Duplex = line(way);
    from.pipe(through).pipe(to);
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        joined.delete(way);
        through.destroy();
        // A stalled line does not even tell that the other end is gone.
        if (!stalled) for (const end of [from, to]) end.destroy();
      });
    }
  }

  const server = createServer({ allowHalfOpen: false }, client => {
    client.on('error', () => {});
    if (proxy.target === undefined) return client.resetAndDestroy();
    const upstream = connect(proxy.target, '127.0.0.1');
    join(client, upstream);
    join(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    carriedBytes: () => carried,
    connections: () => sockets.size / 2,
    cut,
    cutAfter(bytes) {
      cutAt = carried + bytes;
    },
    stall(on) {
      stalled = on;
      if (on) return;
      for (const go of held) go();
      held.clear();
    },
    freezeBusiest() {
      const [busiest] = [...joined].sort((a, b) => b.carried - a.carried);
      if (busiest) busiest.isFrozen = true;
    },
    delay(ms) {
      delayMs = ms;
    },
    corruptAfter(bytes) {
      corruptAt = carried + Math.floor(bytes);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
  return proxy;
}
