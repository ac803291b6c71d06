import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { startEmbeddedBroker } from '../../central/ingress/embedded-broker.ts';
import { up } from '../../protocol/topics.ts';
import { connectPacket, publishPacket } from '../bench/wire/packets.ts';
import { silentLog } from '../fixtures/books.ts';
import { identityOf, network, until } from './sync-setting.ts';

const box = 'mfc-041';
const messages = 1500;
const messageBytes = 16 * 1024;
/** One read of a socket and what waits behind it. */
const heldBytes = 512 * 1024;

test('a database that cannot keep up makes boxes wait, and fills no memory', async t => {
  const stored = Promise.withResolvers<void>();
  let taken = 0;
  const nothing = async () => {};
  const broker = await startEmbeddedBroker({
    ...{ host: '127.0.0.1', port: 0, tls: await identityOf(network, 'centre', 'tls-server') },
    isEnrolled: name => name === box,
    events: {
      facts: async () => {
        taken++;
        await stored.promise;
      },
      ...{ birth: nothing, death: nothing, downReceipt: nothing, observations: nothing },
    },
    ...{ onCloned: nothing, log: silentLog },
  });
  t.after(() => broker.close());
  const own = await identityOf(network, box);
  const socket = connect({ host: '127.0.0.1', port: broker.port, servername: 'localhost', ...own });
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  socket.write(connectPacket(box, 60, { topic: up(box).death, payload: Buffer.from('gone') }));
  await once(socket, 'data');
  socket.resume();
  const payload = Buffer.alloc(messageBytes, 1);
  for (let id = 1; id <= messages; id++) socket.write(publishPacket(up(box).facts, id, payload));

  for (let before = -1; before !== taken || taken === 0; ) {
    before = taken;
    await sleep(300);
  }
  assert.ok(taken * messageBytes <= heldBytes, `${taken} messages in memory`);
  assert.ok(socket.writableLength > 0, 'the rest still lies with the box');
  stored.resolve();
  await until('every message came', () => taken === messages);
});
