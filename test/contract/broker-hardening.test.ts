import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import mqtt from 'mqtt';
import { limits } from '../../protocol/limits.ts';
import { encodeMessage } from '../../protocol/messages.ts';
import { up } from '../../protocol/topics.ts';
import { type Centre, folder, identityOf, network, startCentre, until } from './sync-setting.ts';

const box = 'mfc-041';
const own = await identityOf(network, box);

/** A TLS connection of the box on which a test speaks MQTT byte by byte. */
async function rawLine(t: TestContext, centre: Centre): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: centre.mqttPort, servername: 'localhost', ...own });
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** CONNECT of MQTT 3.1.1, clean session. */
function connectPacket(clientId: string, keepaliveSeconds: number): Buffer {
  const name = Buffer.from(clientId);
  const rest = Buffer.concat([
    Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2]),
    Buffer.from([keepaliveSeconds >> 8, keepaliveSeconds & 255, name.length >> 8, name.length & 255]),
    name,
  ]);
  return Buffer.concat([Buffer.from([0x10, rest.length]), rest]);
}

const acknowledged = 0;

/** Return code of the CONNACK, or undefined when the line was cut instead. */
async function answerTo(socket: TLSSocket, packet: Buffer): Promise<number | undefined> {
  socket.write(packet);
  const answer = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  const [bytes] = answer as [unknown];
  return Buffer.isBuffer(bytes) ? bytes[3] : undefined;
}

test('a packet that announces more than the limit is cut off before its bytes come', async t => {
  const centre = await startCentre(t, await folder(t));
  const socket = await rawLine(t, centre);
  assert.equal(await answerTo(socket, connectPacket(box, 20)), acknowledged);
  // PUBLISH with a remaining length of 200 MB, of which only a few bytes are ever sent.
  socket.write(Buffer.from([0x32, 0x80, 0x84, 0xaf, 0x5f, 0, 4]));
  await once(socket, 'close');
});

test('a packet of the largest size, in pieces of one byte at its header, passes the guard', async t => {
  const centre = await startCentre(t, await folder(t));
  const socket = await rawLine(t, centre);
  assert.equal(await answerTo(socket, connectPacket(box, 20)), acknowledged);
  const topic = Buffer.from(up(box).receipt);
  const payload = Buffer.alloc(limits.messageBytes - 1024, 1);
  const head = Buffer.from([topic.length >> 8, topic.length & 255, ...topic, 0, 1]);
  let left = head.length + payload.length;
  const header = [0x32];
  for (; left > 127; left >>= 7) header.push((left & 127) | 128);
  header.push(left);
  socket.setNoDelay(true);
  for (const byte of header) socket.write(Buffer.from([byte]));
  socket.write(head);
  socket.write(payload);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.equal(answer[0], 0x40, 'PUBACK');
});

test('MQTT-3.1.3-8 an empty client id is refused', async t => {
  const centre = await startCentre(t, await folder(t));
  assert.notEqual(await answerTo(await rawLine(t, centre), connectPacket('', 20)), acknowledged);
});

test('F20 a client that wants no keepalive, or an endless one, is refused', async t => {
  const centre = await startCentre(t, await folder(t));
  for (const seconds of [0, limits.keepaliveSeconds + 1])
    assert.notEqual(await answerTo(await rawLine(t, centre), connectPacket(box, seconds)), acknowledged);
  assert.equal(
    await answerTo(await rawLine(t, centre), connectPacket(box, limits.keepaliveSeconds)),
    acknowledged,
  );
});

test('F12 two machines with one identity end in quarantine, and the operators are told', async t => {
  const centre = await startCentre(t, await folder(t));
  const troubled = async () =>
    (await centre.troubles.newest(10)).some(({ code }) => code === 'sync.identity-cloned');
  let refused = false;
  const birth = (session: number) =>
    encodeMessage({
      v: 1,
      session,
      software: 'copy',
      epoch: '6f1f2a52-2c43-4b54-9d0b-6cf5b0a3c001',
      oldestSeq: 0,
      newestSeq: 0,
      registerVersion: 1,
      clock: 'trusted',
      at: new Date().toISOString(),
      peripherals: [],
      heard: { log: null, upTo: 0 },
    });
  for (let session = 5; session < 15 && !refused; session++)
    for (let machine = 0; machine < 2 && !refused; machine++) {
      const client = mqtt.connect(`mqtts://127.0.0.1:${centre.mqttPort}`, {
        ...own,
        clientId: box,
        clean: true,
        protocolVersion: 4,
        reconnectPeriod: 0,
        keepalive: 20,
      });
      t.after(() => client.end(true));
      client.on('error', () => {});
      const came = await new Promise<boolean>(resolve => {
        client.on('connect', () => resolve(true));
        client.on('close', () => resolve(false));
      });
      refused = !came;
      if (!came) continue;
      // Acknowledged, or cut off: MQTT.js tells nobody about the latter.
      await new Promise<void>(resolve => {
        client.on('close', () => resolve());
        client.publish(up(box).birth, birth(session), { qos: 1 }, () => resolve());
      });
    }
  await until('quarantine', () => refused && troubled());
});
