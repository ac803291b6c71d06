import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentsOf } from '../fixtures/containers.ts';
import { parties, pieces, requestFor } from './gateway-parties.ts';
import {
  ackOf,
  adapterFor,
  agency,
  eventsUntil,
  fetched,
  judged,
  ready,
  resultIn,
  send,
} from './gateway-setting.ts';

test('LED-3.9 LED-3.11 a package goes to the agency; registration, statuses and the result come back', async t => {
  const { system, adapter, event, bytes, report } = await resultIn(t, {});
  const [registered] = system.requests();
  assert.match(registered?.ack.registrationNumber ?? '', /^РЕГ-\d{4}-000001$/);
  const events = await adapter.events(0);
  assert.deepEqual(
    events.map(({ seq, status }) => [seq, status]),
    [
      [1, 'accepted'],
      [2, 'in-work'],
      [3, 'ready'],
    ],
  );
  assert.equal(event.requestId, registered?.request.requestId);
  assert.equal(report.verdict, 'passed');
  const [letter] = await documentsOf(bytes);
  assert.equal(Buffer.from(letter?.bytes.subarray(0, 5) ?? []).toString(), '%PDF-');
});

test('LED-3.12 the result carries the signature of an officer of the agency', async t => {
  const { report } = await resultIn(t, {});
  assert.equal(report.documents.length, 1);
  assert.equal(report.documents[0]?.signer?.title, 'Заместитель начальника управления');
  assert.equal(report.documents[0]?.signer?.organisation, 'Ведомство для проверки');
});

for (const [results, reason] of [
  ['unsigned', 'NO_SIGNATURE'],
  ['broken-signature', 'SIG_CRYPTO_FAILURE'],
  ['wrong-officer', 'NO_CERTIFICATE_CHAIN_FOUND'],
] as const) {
  test(`LED-3.12 a result that is ${results} arrives whole and is not passed: ${reason}`, async t => {
    const { report } = await resultIn(t, { results });
    assert.notEqual(report.verdict, 'passed');
    assert.deepEqual(report.reasons, [reason]);
    assert.equal(report.container.verdict, 'passed');
  });
}

test('LED-3.12 the agency is told which result was not accepted, once, and may make it anew', async t => {
  const { system, adapter, event } = await resultIn(t, { results: 'unsigned' });
  await adapter.acknowledge(event.seq);
  await system.mode({ results: 'signed', remakeRefused: true });
  const refusal = { code: 'relay.result-unsigned', reason: 'NO_SIGNATURE' };
  await adapter.refuse(event.seq, refusal);
  await adapter.refuse(event.seq, refusal);
  assert.deepEqual(
    system.refusals().map(({ seq, code, requestId }) => ({ seq, code, requestId })),
    [{ seq: event.seq, code: refusal.code, requestId: event.requestId }],
  );
  const mended = await ready(adapter);
  assert.equal((await judged(await fetched(adapter, mended.result), system)).verdict, 'passed');
});

test('RSX-queue the same request sent again is one registration with the same number', async t => {
  const system = await agency(t);
  const adapter = adapterFor(t, system);
  const bytes = await parties.casePackage();
  const request = requestFor(bytes);
  const first = ackOf(await adapter.send(request, pieces(bytes)));
  const second = ackOf(await adapter.send(request, pieces(bytes)));
  assert.deepEqual(second, first);
  assert.equal(system.requests().length, 1);
});

test('RSX-queue two sends of one request at the same time are one registration', async t => {
  const system = await agency(t);
  const adapter = adapterFor(t, system);
  const bytes = await parties.casePackage();
  const request = requestFor(bytes);
  const acks = await Promise.all([1, 2, 3].map(() => adapter.send(request, pieces(bytes))));
  assert.equal(new Set(acks.map(outcome => ackOf(outcome).registrationNumber)).size, 1);
  assert.equal(system.requests().length, 1);
});

test('RSX-queue an answer lost on the way is asked for again and is the same', async t => {
  const system = await agency(t);
  const adapter = adapterFor(t, system);
  const hasty = adapterFor(t, { ...system, timeoutMs: 300 });
  const bytes = await parties.casePackage();
  ackOf(await adapter.send(requestFor(bytes), pieces(bytes)));
  const request = requestFor(bytes);
  await system.mode({ slowMs: 60_000 });
  assert.equal((await hasty.send(request, pieces(bytes))).kind, 'unreachable');
  await system.mode({ slowMs: 0 });
  const [, registered] = system.requests();
  assert.deepEqual(ackOf(await adapter.send(request, pieces(bytes))), registered?.ack);
  assert.equal(system.requests().length, 2);
});

test('a service outside the agreement is refused for good', async t => {
  const services = [{ id: 'housing-queue', title: 'Очередь', resultTitle: 'Решение' }];
  const system = await agency(t, { services });
  const adapter = adapterFor(t, system);
  const bytes = await parties.casePackage();
  const outcome = await adapter.send(requestFor(bytes, 'foreign-passport'), pieces(bytes));
  assert.deepEqual(
    [outcome.kind, outcome.kind === 'refused' && outcome.code],
    ['refused', 'relay.agency-refused'],
  );
  ackOf(await adapter.send(requestFor(bytes, 'housing-queue'), pieces(bytes)));
});

test('LED-3.11 the agency refuses in an event what it cannot verify, and what it does not want', async t => {
  const system = await agency(t, { packageAnchors: [parties.boxes.certificateDer] });
  const adapter = adapterFor(t, system);
  ackOf(await send(adapter));
  const [, , refused] = await eventsUntil(adapter, 'refused');
  assert.match(refused?.note ?? '', /NO_CERTIFICATE_CHAIN_FOUND/);
  await adapter.acknowledge(refused?.seq ?? 0);
  await system.mode({ results: 'refuse-package' });
  ackOf(await send(adapter));
  const later = await eventsUntil(adapter, 'refused');
  assert.equal(later.at(-1)?.result, undefined);
});

test('RSX-queue events stay until they are acknowledged, and only until then', async t => {
  const system = await agency(t);
  const adapter = adapterFor(t, system);
  ackOf(await send(adapter));
  const events = await eventsUntil(adapter, 'ready');
  assert.deepEqual(await adapter.events(0), events);
  await adapter.acknowledge(2);
  assert.deepEqual(
    (await adapter.events(0)).map(event => event.seq),
    [3],
  );
  await adapter.acknowledge(3);
  assert.deepEqual(await adapter.events(0), []);
  ackOf(await send(adapter));
  assert.equal((await eventsUntil(adapter, 'accepted'))[0]?.seq, 4);
});

for (const events of ['duplicated', 'shuffled'] as const) {
  test(`RSX-queue events that come ${events} are given once and in order`, async t => {
    const system = await agency(t);
    const adapter = adapterFor(t, system);
    ackOf(await send(adapter));
    const plain = await eventsUntil(adapter, 'ready');
    await system.mode({ events });
    assert.deepEqual(await adapter.events(0), plain);
    assert.deepEqual(await adapter.events(1), plain.slice(1));
  });
}

test('one event that breaks the profile goes back to the agency and does not hold up the others', async t => {
  const system = await agency(t);
  const adapter = adapterFor(t, system);
  ackOf(await send(adapter));
  await eventsUntil(adapter, 'ready');
  await system.mode({ events: 'malformed' });
  assert.deepEqual(
    (await adapter.events(0)).map(event => event.seq),
    [2, 3],
  );
  assert.deepEqual(
    system.refusals().map(({ seq, code }) => [seq, code]),
    [[1, 'relay.event-malformed']],
  );
});

test('a result is handed over piece by piece, and a taker that fails says so itself', async t => {
  const { adapter, event } = await resultIn(t, {});
  let busy = 0;
  await adapter.fetchContent(event.result, async () => {
    assert.equal(++busy, 1);
    await sleep(1);
    busy--;
  });
  const full = new Error('disk full');
  await assert.rejects(
    adapter.fetchContent(event.result, () => {
      throw full;
    }),
    full,
  );
});
