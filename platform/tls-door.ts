import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';

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
 * no certificate fits. Throws what reading the files and listening throw.
 */
export async function openTlsDoor(server: FastifyInstance, door: TlsDoor): Promise<OpenDoor> {
  const [cert, key] = await Promise.all([readFile(door.cert), readFile(door.key)]);
  await server.ready();
  const outer = createServer(
    { cert, key, minVersion: 'TLSv1.2', requestTimeout: 60_000 },
    (request, response) => server.routing(request, response),
  );
  outer.listen(door.port, door.host);
  await once(outer, 'listening');
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
