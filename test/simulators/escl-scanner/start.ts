import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type Reply, SimulatedScanner } from './simulated-scanner.ts';

export interface ScannerSimulator {
  /** `http://127.0.0.1:PORT/eSCL` */
  url: string;
  device: SimulatedScanner;
  close(): Promise<void>;
}

/** Puts the device on a line. `port` 0, which is also meant when left out, takes a free one; `tls` makes it HTTPS. */
export async function startEsclScanner(
  wish: { port?: number; tls?: { cert: string; key: string } } = {},
): Promise<ScannerSimulator> {
  const device = new SimulatedScanner();
  const sockets = new Set<Socket>();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', async () => {
      const { method = '', url = '', headers } = request;
      send(response, await device.answer(method, url, Buffer.concat(chunks), headers.host ?? ''));
    });
  };
  const server = wish.tls ? createTlsServer(wish.tls, onRequest) : createServer(onRequest);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(wish.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${wish.tls ? 'https' : 'http'}://127.0.0.1:${port}/eSCL`,
    device,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function send(response: ServerResponse, { status, headers = {}, body, instead }: Reply): void {
  if (instead === 'silence') return;
  if (instead === 'broken-line') {
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': '100000' });
    response.write('half a page', () => response.destroy());
    return;
  }
  response.writeHead(status, headers);
  response.end(body);
}
