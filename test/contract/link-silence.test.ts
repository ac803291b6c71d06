import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer, type TLSSocket } from 'node:tls';
import { createCentreLine } from '../../device/sync/centre-line.ts';
import { mqttWay } from '../../device/sync/mqtt-way.ts';
import { folder, identityOf, network, startBox, until } from './sync-setting.ts';

/** MQTT 3.1.1, sections 3.2 and 3.13: CONNACK and PINGRESP; SUBACK is what never comes. */
const [connected, alive] = [Buffer.from([0x20, 2, 0, 0]), Buffer.from([0xd0, 0])];

async function startSilentBroker(t: TestContext) {
  const tls = await identityOf(network, 'centre', 'tls-server');
  const guests = new Set<TLSSocket>();
  const broker = { port: 0, ended: 0 };
  const server = createServer({ ...tls, requestCert: true }, socket => {
    guests.add(socket);
    socket.on('error', () => {});
    socket.on('data', ([kind = 0]: Buffer) => {
      if (kind === 0x10) socket.write(connected);
      if (kind === 0xc0) socket.write(alive);
    });
    socket.on('close', () => broker.ended++);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const guest of guests) guest.destroy();
    server.close();
  });
  broker.port = (server.address() as AddressInfo).port;
  return broker;
}

test('F20 a broker that lets the box in and answers no subscription is given up, and tried again', async t => {
  const broker = await startSilentBroker(t);
  const { port } = broker;
  const box = await startBox(
    t,
    await folder(t),
    { messages: { port }, content: { port } },
    { watermarkWithinMs: 300 },
  );
  box.link.start();
  await until('two connections given up', () => broker.ended >= 2);
  assert.notEqual(box.link.state().state, 'connected');
});

test('F20 content that goes over messages does not wait for such a broker for ever', async t => {
  const { port } = await startSilentBroker(t);
  const tls = await identityOf(network, 'mfc-041');
  const line = createCentreLine({ tls, present: () => ({ ms: Date.now(), isTold: true }) });
  const way = mqttWay({ url: `mqtts://127.0.0.1:${port}`, box: 'mfc-041', line, requestTimeoutMs: 300 });
  t.after(() => way.close());
  const blob = { sha256: 'a'.repeat(64), sizeBytes: 1, mediaType: 'application/pdf' };
  await assert.rejects(way.missing(blob), { code: 'sync.centre-unreachable' });
});
