import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { blobOf, clientOf, parties, pieces, requestFor } from './gateway-parties.ts';
import { ackOf, adapterFor, agency, fetched, resultIn, send } from './gateway-setting.ts';

test('RSX-protect a client that is not the centre is not let in', async t => {
  const system = await agency(t, { clientName: 'okno-centre' });
  const stranger = await clientOf(await createAuthority('Чужой регион'), 'okno-centre');
  const box = await clientOf(parties.region, 'box-041');
  for (const client of [stranger, box]) {
    const outcome = await send(adapterFor(t, { ...system, client }));
    assert.equal(outcome.kind, 'unreachable');
  }
  assert.equal(system.requests().length, 0);
  assert.equal(await system.contents(), 0);
  ackOf(await send(adapterFor(t, system)));
});

test('RSX-protect nothing is sent to a server that is not the agency', async t => {
  const system = await agency(t);
  const ca = (await createAuthority('Чужое ведомство')).certificate;
  const adapter = adapterFor(t, { ...system, ca });
  assert.equal((await send(adapter)).kind, 'unreachable');
  await assert.rejects(adapter.events(0), { code: 'relay.agency-unreachable' });
});

test('a fault of the line or of the system is never taken for a refusal', async t => {
  const system = await agency(t);
  const adapter = adapterFor(t, system);
  const unknown = blobOf(Buffer.from('unknown'));
  for (const down of [true, 'busy'] as const) {
    await system.mode({ down });
    assert.equal((await send(adapter)).kind, 'unreachable');
    await assert.rejects(adapter.events(0), { code: 'relay.agency-unreachable' });
    await assert.rejects(fetched(adapter, unknown), { code: 'relay.agency-unreachable' });
    await assert.rejects(adapter.acknowledge(1), { code: 'relay.agency-unreachable' });
    await assert.rejects(adapter.refuse(1, { code: 'x', reason: 'x' }), { code: 'relay.agency-unreachable' });
  }
  await system.mode({ down: false, events: 'unreachable' });
  await assert.rejects(adapter.events(0), { code: 'relay.agency-unreachable' });
  const wrongAddress = adapterFor(t, { ...system, url: `${system.url}/moved` });
  assert.equal((await send(wrongAddress)).kind, 'unreachable');
  ackOf(await send(adapter));
});

for (const corruptContent of [true, 'short'] as const) {
  test(`RSX-protect a result that arrives ${corruptContent === true ? 'changed' : 'short'} is not taken`, async t => {
    const { system, adapter, event, bytes } = await resultIn(t, {});
    await system.mode({ corruptContent });
    await assert.rejects(fetched(adapter, event.result), { code: 'sync.content-mismatch' });
    await system.mode({ corruptContent: false });
    assert.deepEqual(await fetched(adapter, event.result), bytes);
  });
}

test('RSX-protect a result that is longer than announced is cut off', async t => {
  const { adapter, event } = await resultIn(t, {});
  let taken = 0;
  const announced = { ...event.result, sizeBytes: 100 };
  const fetching = adapter.fetchContent(announced, chunk => {
    taken += chunk.length;
  });
  await assert.rejects(fetching, { code: 'sync.content-mismatch' });
  assert.ok(taken <= 100);
});

test('a package that changed in our own store is not registered and not called a fault of the agency', async t => {
  const system = await agency(t);
  const adapter = adapterFor(t, system);
  const bytes = await parties.casePackage();
  const changed = Uint8Array.from(bytes).fill(7, 200, 210);
  const sending = adapter.send(requestFor(bytes), pieces(changed));
  await assert.rejects(sending, { code: 'journal.blob-corrupt' });
  assert.equal(system.requests().length, 0);
  assert.equal(await system.contents(), 0);
  ackOf(await adapter.send(requestFor(bytes), pieces(bytes)));
});

test('the agency keeps nothing whose digest is not the named one', async t => {
  const system = await agency(t);
  const agent = new Agent({ ca: system.ca, ...parties.centre });
  const named = blobOf(Buffer.from('named')).sha256;
  const put = request(`${system.url}/rosreestr/gateway/1/content/${named}`, { method: 'PUT', agent });
  const status = await new Promise(resolve => {
    put.on('response', response => resolve(response.resume().statusCode));
    Readable.from([Buffer.from('other')]).pipe(put);
  });
  agent.destroy();
  assert.equal(status, 400);
  assert.equal(await system.contents(), 0);
});

test('a result that stops half way is a fault of the line', async t => {
  const { system, event, bytes } = await resultIn(t, {});
  await system.mode({ corruptContent: 'stalled' });
  const hasty = adapterFor(t, { ...system, timeoutMs: 200 });
  await assert.rejects(fetched(hasty, event.result), { code: 'relay.agency-unreachable' });
  await system.mode({ corruptContent: false });
  assert.deepEqual(await fetched(hasty, event.result), bytes);
});
