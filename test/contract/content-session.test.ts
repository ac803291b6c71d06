import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import mqtt from 'mqtt';
import type { TlsIdentity } from '../../device/sync/centre-line.ts';
import { encodeContent } from '../../protocol/content-messages.ts';
import { content, contentClientId, down, up } from '../../protocol/topics.ts';
import { blobOf, factNaming, plainFact } from '../fixtures/books.ts';
import {
  folder,
  identityOf,
  layLine,
  network,
  startBox,
  startCentre,
  synced,
  until,
} from './sync-setting.ts';

const mebibyte = 1024 * 1024;
const box = 'mfc-041';
const own = await identityOf(network, box);

async function connect(t: TestContext, port: number, clientId: string, tls: TlsIdentity = own) {
  const client = mqtt.connect(`mqtts://127.0.0.1:${port}`, { ...tls, clientId, reconnectPeriod: 0 });
  t.after(() => client.end(true));
  client.on('error', () => {});
  return await new Promise<mqtt.MqttClient | 'refused'>(resolve => {
    client.once('connect', () => resolve(client));
    client.once('close', () => resolve('refused'));
  });
}

test('F15 content takes the port of messages by itself when the other one is closed', async t => {
  const centre = await startCentre(t, await folder(t));
  const line = await layLine(t, centre);
  line.content.target = undefined;
  const branch = await startBox(t, await folder(t), line, { ways: ['https', 'mqtt'] });
  const bytes = randomBytes(3 * mebibyte);
  const blob = await branch.blobs.put(bytes, 'application/octet-stream');
  await branch.journal.commit([factNaming(blob), plainFact()]);
  branch.link.start();
  await synced(branch);
  assert.ok(bytes.equals(await centre.blobs.get(blob.sha256)));
  assert.equal(line.content.carriedBytes(), 0);
  assert.ok(line.contentMessages.carriedBytes() > 3 * mebibyte);
  assert.deepEqual(await centre.troubles.newest(5), []);
});

test('SEC the two sessions of a box live side by side and are no clones of each other (F12)', async t => {
  const centre = await startCentre(t, await folder(t));
  const line = await layLine(t, centre);
  const branch = await startBox(t, await folder(t), line, { ways: ['mqtt'] });
  branch.link.start();
  for (let round = 0; round < 5; round++) {
    const blob = await branch.blobs.put(randomBytes(1000), 'application/octet-stream');
    await branch.journal.commit([factNaming(blob)]);
    await synced(branch);
    line.contentMessages.cut();
  }
  assert.equal(centre.births.length, 1);
  assert.deepEqual(await centre.troubles.newest(5), []);
});

test('SEC the second session may nothing but content, and only its own', async t => {
  const centre = await startCentre(t, await folder(t));
  const blob = blobOf(randomBytes(100));
  const head = { v: 1, id: 1, do: 'missing' as const, blob, range: { start: 0, end: 0 } };
  const request = encodeContent(head);
  const hangsUp = async (clientId: string, topic: string) => {
    const client = await connect(t, centre.mqttPort, clientId);
    if (client === 'refused') return assert.fail('not even let in');
    const closed = new Promise<void>(resolve => client.once('close', () => resolve()));
    client.publish(topic, request, { qos: 1 });
    await closed;
  };
  await hangsUp(contentClientId(box), up(box).facts);
  await hangsUp(contentClientId(box), up(box).birth);
  await hangsUp(contentClientId(box), content('mfc-042').up);
  await hangsUp(box, content(box).up);
  for (const name of [contentClientId('mfc-042'), `${box}:other`, `${contentClientId(box)}:content`])
    assert.equal(await connect(t, centre.mqttPort, name), 'refused', name);
  const client = await connect(t, centre.mqttPort, contentClientId(box));
  if (client === 'refused') return assert.fail('not let in');
  for (const topic of [down(box).log, content('mfc-042').down, 'okno/1/down/+/content'])
    await assert.rejects(client.subscribeAsync(topic, { qos: 0 }), topic);
});

test('F22 garbage and refused requests hold up nothing behind them', async t => {
  const centre = await startCentre(t, await folder(t));
  const client = await connect(t, centre.mqttPort, contentClientId(box));
  if (client === 'refused') return assert.fail('not let in');
  const heard: string[] = [];
  client.on('message', (_topic, payload) => heard.push(payload.toString('utf8', 2)));
  await client.subscribeAsync(content(box).down, { qos: 0 });
  const blob = { ...blobOf(randomBytes(100)), sizeBytes: 100 };
  const send = (what: object, bytes?: Buffer) =>
    client.publish(
      content(box).up,
      encodeContent({ v: 1, range: { start: 0, end: 9 }, ...what } as never, bytes),
    );
  client.publish(content(box).up, Buffer.alloc(0));
  client.publish(content(box).up, randomBytes(500));
  send({ id: 1, do: 'put', blob }, Buffer.alloc(10));
  send({ id: 2, do: 'put', blob }, Buffer.alloc(11));
  send({ id: 3, do: 'get', blob });
  send({ id: 4, do: 'explode', blob });
  send({ id: 5, do: 'missing', blob });
  await until('all answers', () => heard.length === 4);
  assert.deepEqual(heard.toSorted(), [
    '{"v":1,"id":1,"code":"sync.bad-range"}',
    '{"v":1,"id":2,"code":"sync.bad-range"}',
    '{"v":1,"id":3,"code":"internal.not-found"}',
    '{"v":1,"id":5,"missing":[{"start":0,"end":99}]}',
  ]);
});
