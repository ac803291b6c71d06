import assert from 'node:assert/strict';
import { randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { keyOf, openEnrolment } from '../../central/ingress/enrolment.ts';
import type { TlsIdentity } from '../../device/sync/centre-line.ts';
import { encodeMessage } from '../../protocol/messages.ts';
import { down, up } from '../../protocol/topics.ts';
import { renewCertificate } from '../../provisioning/certificates/renew.ts';
import { plainFact } from '../fixtures/books.ts';
import {
  type Centre,
  folder,
  foreigners,
  identityOf,
  layLine,
  network,
  startBox,
  startCentre,
  synced,
  until,
} from './sync-setting.ts';

/** A client that does not keep to our manners; resolves with how the centre answered. */
function rude(
  t: TestContext,
  centre: Centre,
  tls: TlsIdentity,
  clientId: string,
  options: IClientOptions = {},
) {
  const client = mqtt.connect(`mqtts://127.0.0.1:${centre.mqttPort}`, {
    ...tls,
    clientId,
    clean: true,
    protocolVersion: 4,
    reconnectPeriod: 0,
    ...options,
  });
  t.after(() => client.end(true));
  return new Promise<{ client: MqttClient; answer: 'connected' | 'refused' }>(resolve => {
    client.on('connect', () => resolve({ client, answer: 'connected' }));
    client.on('error', () => {});
    client.on('close', () => resolve({ client, answer: 'refused' }));
  });
}

async function setting(t: TestContext) {
  const centre = await startCentre(t, await folder(t));
  const line = await layLine(t, centre);
  const own = await identityOf(network, 'mfc-042');
  return { centre, line, own };
}

test('LED-3.21 only an enrolled box with its own certificate and its own name gets in', async t => {
  const { centre, own } = await setting(t);
  const stranger = await identityOf(network, 'mfc-999');
  const forged = { ...(await identityOf(foreigners, 'mfc-042')), ca: network.certificate };
  const answers = await Promise.all([
    rude(t, centre, own, 'mfc-042'),
    rude(t, centre, forged, 'mfc-042'),
    rude(t, centre, own, 'mfc-041'),
    rude(t, centre, stranger, 'mfc-999'),
    rude(t, centre, own, ''),
    rude(t, centre, own, 'mfc-042 '),
    rude(t, centre, { ca: network.certificate } as TlsIdentity, 'mfc-042'),
  ]);
  assert.deepEqual(
    answers.map(({ answer }) => answer),
    ['connected', ...Array(6).fill('refused')],
  );
});

test('LED-3.21 a stolen box is let in no more, whatever certificate its key has; a new box gets its name', async t => {
  const stolen = await identityOf(network, 'mfc-042');
  const centre = await startCentre(
    t,
    await folder(t),
    undefined,
    new Set([keyOf(new X509Certificate(stolen.cert))]),
  );
  const renewed = { ...stolen, cert: await renewCertificate(network, stolen.cert, 90) };
  const [next, other] = [await identityOf(network, 'mfc-042'), await identityOf(network, 'mfc-041')];
  const answers: string[] = [];
  for (const tls of [stolen, renewed, next]) answers.push((await rude(t, centre, tls, 'mfc-042')).answer);
  answers.push((await rude(t, centre, other, 'mfc-041')).answer);
  assert.deepEqual(answers, ['refused', 'refused', 'connected', 'connected']);
  const asked = async (tls: TlsIdentity) => {
    const url = `https://127.0.0.1:${centre.contentPort}/content`;
    const [response] = (await once(get(url, { ...tls, agent: false }), 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  assert.deepEqual([await asked(renewed), await asked(next)], [403, 204]);
});

test('a centre that could not keep a stolen box out does not start', async t => {
  const path = join(await folder(t), 'stolen.pem');
  const about = { boxes: [], refused: [path] };
  const bad = { code: 'setup.bad-configuration' };
  await assert.rejects(openEnrolment(about as never), bad);
  await writeFile(path, 'no certificate');
  await assert.rejects(openEnrolment(about as never), bad);
  await writeFile(path, network.certificate);
  assert.equal((await openEnrolment(about as never)).refusedKeys?.size, 1);
  await assert.rejects(openEnrolment({ ...about, rabbitmq: { urls: [] } } as never), bad);
});

test('LED-3.21 a box cannot hear what is said to another', async t => {
  const { centre, own } = await setting(t);
  const { client } = await rude(t, centre, own, 'mfc-042');
  for (const topic of ['#', 'okno/1/down/#', ...Object.values(down('mfc-041')), up('mfc-042').facts]) {
    const outcome = await client.subscribeAsync(topic, { qos: 0 }).catch((error: unknown) => error);
    assert.ok(outcome instanceof Error, topic);
  }
  const [granted] = await client.subscribeAsync(down('mfc-042').log, { qos: 0 });
  assert.equal(granted?.qos, 0);
});

test('LED-3.21 a box cannot speak for another, nor for the centre', async t => {
  const { centre, line, own } = await setting(t);
  const box = await startBox(t, await folder(t), line);
  await box.journal.commit([plainFact()]);
  box.link.start();
  await synced(box);
  const { epoch } = box.journal;
  const forgedReceipt = { v: 1, epoch, upTo: 2, stored: 2, missing: [], refused: [1], wanted: [] };
  const forgedEntries = { v: 1, log: randomUUID(), entries: [] };
  const forgedFacts = { v: 1, epoch, facts: [{ ...plainFact(), seq: 2 }] };
  for (const [topic, message] of [
    [down('mfc-041').receipt, forgedReceipt],
    [down('mfc-041').log, forgedEntries],
    [up('mfc-041').facts, forgedFacts],
    [up('mfc-041').death, { v: 1, session: 99 }],
  ] as const) {
    const { client } = await rude(t, centre, own, 'mfc-042', {
      will: { topic, payload: encodeMessage(message), qos: 1, retain: false },
    });
    const closed = new Promise<void>(resolve => client.once('close', () => resolve()));
    client.publish(topic, encodeMessage(message), { qos: 1 });
    await closed;
  }
  await box.journal.commit([plainFact()]);
  await synced(box);
  assert.equal(box.link.state().state, 'connected');
  assert.deepEqual(await centre.ledger.facts('mfc-041', epoch), box.journal.read(0, 10));
  assert.equal(box.db.prepare('select count(*) as n from dead_letters').get()?.n, 0);
  assert.deepEqual(await centre.ledger.journals('mfc-042'), []);
});

test('F20 a box tells a centre that refuses it from something that is not the centre', async t => {
  const { centre, line } = await setting(t);
  const codeFor = async (tls: TlsIdentity, box: string) => {
    const { link, stop } = await startBox(t, await folder(t), line, { box, tls });
    link.start();
    await until('an answer', () => link.state().code !== null);
    const { code } = link.state();
    await stop();
    return code;
  };
  const stranger = await identityOf(network, 'mfc-999');
  assert.equal(await codeFor(stranger, 'mfc-999'), 'sync.identity-refused');
  const forged = { ...(await identityOf(foreigners, 'mfc-041')), ca: network.certificate };
  assert.equal(await codeFor(forged, 'mfc-041'), 'sync.identity-refused');
  const elsewhere = { ...(await identityOf(foreigners, 'mfc-041')), ca: foreigners.certificate };
  assert.equal(await codeFor(elsewhere, 'mfc-041'), 'sync.centre-untrusted');
  assert.deepEqual(centre.births, []);
});
