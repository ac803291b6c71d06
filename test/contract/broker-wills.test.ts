import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { startEmbeddedBroker } from '../../central/ingress/embedded-broker.ts';
import { encodeMessage } from '../../protocol/messages.ts';
import { up } from '../../protocol/topics.ts';
import { connectPacket } from '../bench/wire/packets.ts';
import { silentLog } from '../fixtures/books.ts';
import { identityOf, network, until } from './sync-setting.ts';

const box = 'mfc-041';
const hourMs = 3_600_000;

test('a box that stays connected is not told dead after two minutes, nor when the clock jumps; one that goes is', async t => {
  // aedes looks after the wills of other brokers by an interval and the wall clock; sockets need neither.
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: Date.now() });
  const nothing = async () => {};
  const deaths: number[] = [];
  const broker = await startEmbeddedBroker({
    ...{ host: '127.0.0.1', port: 0, tls: await identityOf(network, 'centre', 'tls-server') },
    isEnrolled: name => name === box,
    events: {
      ...{ facts: nothing, birth: nothing, downReceipt: nothing, observations: nothing },
      death: async (_box, session) => void deaths.push(session),
    },
    ...{ onCloned: nothing, log: silentLog },
  });
  t.after(() => broker.close());
  const own = await identityOf(network, box);
  const socket = connect({ host: '127.0.0.1', port: broker.port, servername: 'localhost', ...own });
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  socket.write(
    connectPacket(box, 60, { topic: up(box).death, payload: encodeMessage({ v: 1, session: 7 }) }),
  );
  await once(socket, 'data');

  for (let look = 0; look < 3; look++) {
    t.mock.timers.tick(hourMs);
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
  }
  assert.deepEqual(deaths, []);
  socket.destroy();
  await until('its will is heard', () => deaths.length === 1);
  assert.deepEqual(deaths, [7]);
});
