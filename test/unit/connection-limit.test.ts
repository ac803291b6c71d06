import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { isLoopback, limitConnections } from '../../platform/connection-limit.ts';

test('one address holds only so many connections; who leaves makes room, and this machine has no limit', async t => {
  const warned: unknown[] = [];
  const server = createServer();
  // As a server hears it that listens for both kinds of addresses, or for one.
  const counted = new Set(['127.0.0.1', '127.0.0.2'].flatMap(address => [address, `::ffff:${address}`]));
  limitConnections(
    server,
    { warn: (...line: unknown[]) => void warned.push(line[0]) },
    { most: 2, isFree: address => !counted.has(address) },
  );
  server.on('connection', socket => socket.destroyed || socket.write('in'));
  server.listen(0);
  await once(server, 'listening');
  const clients: Socket[] = [];
  t.after(() => {
    for (const client of clients) client.destroy();
    server.close();
  });
  async function come(from: string): Promise<{ client: Socket; isIn: boolean }> {
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', localAddress: from });
    client.on('error', () => {});
    clients.push(client);
    const isIn = await Promise.race([
      once(client, 'data').then(() => true),
      once(client, 'close').then(() => false),
    ]);
    return { client, isIn };
  }
  const [first, second, third] = [await come('127.0.0.1'), await come('127.0.0.1'), await come('127.0.0.1')];
  assert.deepEqual([first.isIn, second.isIn, third.isIn], [true, true, false]);
  assert.ok(!(await come('127.0.0.1')).isIn);
  assert.deepEqual(warned, [{ most: 2 }], 'told once, and not of whom');
  assert.ok((await come('127.0.0.2')).isIn);
  for (let n = 0; n < 4; n++) assert.ok((await come('127.0.0.3')).isIn);
  first.client.destroy();
  // The server hears of the end a little later than we.
  while (!(await come('127.0.0.1')).isIn);
  assert.deepEqual(['127.0.0.1', '::1', '::ffff:127.0.0.9', '10.0.0.1', '::ffff:10.0.0.1'].map(isLoopback), [
    ...[true, true, true],
    ...[false, false],
  ]);
});
