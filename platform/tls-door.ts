import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { AppError } from '../protocol/app-error.ts';
import { limitConnections } from './connection-limit.ts';
import type { Log } from './log.ts';

/** Where browsers of other machines come in, and by which certificate (PEM, with those between it and its authority). */
export const TlsDoor = Type.Object({
  host: Type.String(),
  port: Type.Integer({ minimum: 0, maximum: 65535 }),
  cert: Type.String({ minLength: 1 }),
  key: Type.String({ minLength: 1 }),
});
export type TlsDoor = Static<typeof TlsDoor>;

/** The door with the names of its files made absolute. */
export const withFiles = (door: TlsDoor, absolute: (path: string) => string): TlsDoor => ({
  ...door,
  cert: absolute(door.cert),
  key: absolute(door.key),
});

export interface OpenDoor {
  port: number;
  close(): Promise<void>;
}

/**
 * A second door to a server, over TLS: the same addresses, so that its own door can stay on this machine, where
 * no certificate fits. Throws `setup.bad-configuration` for files or an address that cannot be used.
 */
export async function openTlsDoor(server: FastifyInstance, door: TlsDoor, log: Log): Promise<OpenDoor> {
  await server.ready();
  const outer = await listenAt(door, (request, response) => server.routing(request, response)).catch(
    (cause: unknown) => {
      const what = `${door.host}:${door.port}, ${door.cert}, ${door.key}: ${cause}`;
      throw new AppError('setup.bad-configuration', { what }, { cause });
    },
  );
  limitConnections(outer, log);
  return {
    port: (outer.address() as AddressInfo).port,
    async close() {
      const closed = once(outer, 'close');
      outer.close();
      outer.closeAllConnections();
      await closed;
    },
  };
}

async function listenAt({ host, port, ...files }: TlsDoor, listener: RequestListener): Promise<Server> {
  const [cert, key] = await Promise.all([readFile(files.cert), readFile(files.key)]);
  const outer = createServer({ cert, key, minVersion: 'TLSv1.2', requestTimeout: 60_000 }, listener);
  outer.listen(port, host);
  await once(outer, 'listening');
  return outer;
}
