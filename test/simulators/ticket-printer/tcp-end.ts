import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface TcpEnd {
  port: number;
  /** Breaks every connection and refuses new ones. */
  close(): Promise<void>;
}

/** The network card of a printer. `port` 0 takes a free one. */
export async function listenTcp(
  port: number,
  onBytes: (bytes: Uint8Array, send: (bytes: Uint8Array) => void) => void,
): Promise<TcpEnd> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('data', bytes => onBytes(bytes, answer => void (socket.writable && socket.write(answer))));
    // A driver may leave at any moment; 'close' follows.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
