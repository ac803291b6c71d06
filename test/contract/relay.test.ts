import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgencyAdapter } from '../../central/relay/adapter.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { GatewayEvent } from '../../protocol/gateway.ts';
import type { DownBody } from '../../protocol/messages.ts';
import { documentsOf } from '../fixtures/containers.ts';
import {
  agency,
  box,
  gatewayTo,
  inState,
  oneRegistration,
  sendCase,
  services,
  startRelaying,
  toldOf,
} from './relay-setting.ts';
import { folder, until } from './sync-setting.ts';

const whole = ['package-verified', 'registered', 'accepted', 'in-work', 'case.result'];

test('LED-3.7, LED-3.11 a package goes to the agency and its result comes back by itself', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const sent = await sendCase(centre);
  assert.equal((await centre.views.get(sent.caseId)).state, 'package-awaited');
  await sleep(60);
  assert.deepEqual(await toldOf(centre, sent.caseId), [], 'nothing goes on before the package is here');
  await sent.deliver(centre);
  await inState(centre, sent, 'result-ready');
  assert.deepEqual(await toldOf(centre, sent.caseId), whole);
  oneRegistration(system, sent);
  const { result, registrationNumber } = await centre.views.get(sent.caseId);
  assert.equal(result?.verdict, 'passed');
  assert.equal(registrationNumber, system.requests()[0]?.ack.registrationNumber);
  assert.ok(await centre.downLogs.mayFetch(box, result?.sha256 ?? ''));
});

test('KEM-8 a digital original and the signature that came with it reach the agency byte for byte', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const xml = Buffer.from('<extract number="99/2026"/>\r\n');
  const foreign = Buffer.from('30820102a0', 'hex');
  const more = [
    { name: '02-extract.xml', mediaType: 'application/xml', bytes: xml },
    { name: '02-extract.xml.p7s', mediaType: 'application/pkcs7-signature', bytes: foreign },
  ];
  const sent = await sendCase(centre, { more });
  await sent.deliver(centre);
  await inState(centre, sent, 'result-ready');
  // Content is named by its digest on every way: what the agency registered is the box's own container.
  assert.equal(system.requests()[0]?.request.package.sha256, sent.sha256);
  const documents = await documentsOf(await centre.blobs.get(sent.sha256));
  const held = documents.map(({ name, bytes }) => [name, bytes]);
  assert.deepEqual(
    held.slice(1),
    more.map(({ name, bytes }) => [name, bytes]),
  );
});

test('LED-3.14, 3.15, 3.16, 3.17 the history tells when it was sent, received, answered and when that arrived', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const sent = await sendCase(centre);
  await sent.deliver(centre);
  await inState(centre, sent, 'result-ready');
  const [registered] = system.requests();
  const { history } = await centre.views.get(sent.caseId);
  const line = (event: string) => {
    const found = history.filter(each => each.event === event);
    assert.equal(found.length, 1, event);
    return { at: found[0]?.at ?? '', by: found[0]?.by };
  };
  const events = await centre.downLogs.entries(box, 0, 100);
  assert.deepEqual(line('sent-to-agency'), { at: registered?.request.sentAt, by: 'centre' });
  assert.deepEqual(line('registered'), { at: registered?.ack.receivedAt, by: registered?.agencyId });
  const leftAgency = events.find(({ type }) => type === 'case.result')?.body.saidAt;
  assert.deepEqual(line('ready'), { at: leftAgency, by: registered?.agencyId });
  assert.equal(line('result-received').by, 'centre');
  assert.ok(line('ready').at <= line('result-received').at);
});

test('a package that was tampered with does not leave the centre, and all learn why', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const tamper = (bytes: Uint8Array) => {
    const changed = Buffer.from(bytes);
    const at = changed.indexOf('заявление');
    changed.write('наложение', at);
    return changed;
  };
  const sent = await sendCase(centre, { tamper });
  const other = await sendCase(centre);
  for (const each of [sent, other]) await each.deliver(centre);
  await inState(centre, sent, 'refused');
  await inState(centre, other, 'result-ready');
  assert.deepEqual(await toldOf(centre, sent.caseId), ['package-refused']);
  assert.equal((await centre.views.get(sent.caseId)).trouble?.code, 'relay.package-refused');
  assert.deepEqual(
    (await centre.troubles.newest(5)).map(({ code, subject }) => [code, subject]),
    [['relay.package-refused', sent.number]],
  );
  assert.deepEqual(system.requests().map(({ request }) => request.requestId), [other.packageId]); // biome-ignore format: one line
});

test('a package of another case does not leave the centre', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const sent = await sendCase(centre, { claimedNumber: 'ПР-041-2026-999999' });
  await sent.deliver(centre);
  await inState(centre, sent, 'refused');
  const { trouble } = await centre.views.get(sent.caseId);
  assert.deepEqual([trouble?.code, trouble?.details.reason], ['relay.package-refused', 'CASE_MISMATCH']);
  assert.deepEqual(system.requests(), []);
});

test('LED-3.1 without an agreement in force nothing is passed on, and the box is told', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const sent = await sendCase(centre, { serviceId: services.uncovered });
  await sent.deliver(centre);
  await inState(centre, sent, 'refused');
  assert.deepEqual(await toldOf(centre, sent.caseId), ['no-agreement']);
  const [entry] = await centre.downLogs.entries(box, 0, 10);
  assert.equal(entry?.body.code, 'relay.no-agreement');
  assert.deepEqual(system.requests(), []);
});

test('the agency’s own refusal is shown with its words and its time', async t => {
  const system = await agency(t);
  await system.mode({ results: 'refuse-package' });
  const centre = await startRelaying(t, await folder(t), system);
  const sent = await sendCase(centre);
  await sent.deliver(centre);
  await inState(centre, sent, 'refused');
  const { trouble, history } = await centre.views.get(sent.caseId);
  assert.equal(trouble?.code, 'relay.agency-refused');
  const line = history.find(({ event }) => event === 'refused');
  assert.notEqual(line?.by, 'centre');
  const entry = (await centre.downLogs.entries(box, 0, 10)).at(-1)?.body;
  assert.deepEqual([entry?.by, entry?.saidAt], ['agency', line?.at]);
});

for (const down of [true, 'busy'] as const)
  test(`RSX-queue with the agency away (${down}) packages are kept and go when it is back`, async t => {
    const system = await agency(t);
    await system.mode({ down });
    const centre = await startRelaying(t, await folder(t), system);
    const sent = [await sendCase(centre), await sendCase(centre)];
    for (const each of sent) await each.deliver(centre);
    await until('verified', async () =>
      (await Promise.all(sent.map(({ caseId }) => centre.views.get(caseId)))).every(
        ({ state }) => state === 'verified',
      ),
    );
    await sleep(100);
    assert.deepEqual(system.requests(), []);
    await system.mode({ down: false });
    for (const each of sent) await inState(centre, each, 'result-ready');
    for (const each of sent) oneRegistration(system, each);
  });

for (const [results, code] of [
  ['unsigned', 'relay.result-unsigned'],
  ['broken-signature', 'relay.result-refused'],
  ['wrong-officer', 'relay.result-refused'],
] as const)
  test(`LED-3.12 a result that is ${results} is refused, shown and told to the agency; a good one later is taken`, async t => {
    const system = await agency(t);
    await system.mode({ results, remakeRefused: true });
    const centre = await startRelaying(t, await folder(t), system);
    const sent = await sendCase(centre);
    await sent.deliver(centre);
    await until('a refusal at the agency', async () => system.refusals().length > 0);
    await until('the trouble', async () => (await centre.views.get(sent.caseId)).trouble?.code === code);
    assert.equal((await centre.views.get(sent.caseId)).state, 'in-agency');
    assert.equal(system.refusals()[0]?.code, code);
    assert.ok((await toldOf(centre, sent.caseId)).includes('result-refused'));
    assert.ok(!(await toldOf(centre, sent.caseId)).includes('case.result'));
    await system.mode({ results: 'signed' });
    await inState(centre, sent, 'result-ready');
    assert.equal((await centre.views.get(sent.caseId)).trouble, null);
    assert.equal((await toldOf(centre, sent.caseId)).at(-1), 'case.result');
  });

for (const events of ['duplicated', 'shuffled'] as const)
  test(`F19 events that come ${events} are taken once and in order`, async t => {
    const system = await agency(t);
    await system.mode({ events });
    const centre = await startRelaying(t, await folder(t), system);
    const sent = await Promise.all([sendCase(centre), sendCase(centre), sendCase(centre)]);
    for (const each of sent) await each.deliver(centre);
    for (const each of sent) await inState(centre, each, 'result-ready');
    for (const { caseId } of sent) assert.deepEqual(await toldOf(centre, caseId), whole);
  });

test('F19 an agency that tells everything again and again is believed once', async t => {
  const system = await agency(t);
  const real = gatewayTo(system, 'social');
  const told: GatewayEvent[] = [];
  const repeating: AgencyAdapter = {
    ...real,
    async events(after) {
      told.push(...(await real.events(after)));
      return [...told];
    },
  };
  const centre = await startRelaying(t, await folder(t), system, { social: repeating });
  const sent = [await sendCase(centre), await sendCase(centre)];
  for (const each of sent) {
    await each.deliver(centre);
    await inState(centre, each, 'result-ready');
  }
  for (const { caseId } of sent) assert.deepEqual(await toldOf(centre, caseId), whole);
});

/** What a disk makes of a blob. */
async function put(dir: string, sha256: string, bytes: Buffer): Promise<void> {
  await mkdir(join(dir, 'blobs', sha256.slice(0, 2)), { recursive: true });
  await writeFile(join(dir, 'blobs', sha256.slice(0, 2), sha256), bytes);
}

test('LED-3.12 a result of another case is refused, and one that comes twice is told once and not spoilt', async t => {
  const system = await agency(t);
  const real = gatewayTo(system, 'social');
  const told: GatewayEvent[] = [];
  const refused: number[] = [];
  const results: NonNullable<GatewayEvent['result']>[] = [];
  let asked = 0;
  const add = (event: GatewayEvent) => told.push({ ...event, seq: told.length + 1 });
  /** To every second request it first answers with the result of the first one, and afterwards again. */
  const confused: AgencyAdapter = {
    ...real,
    async events(after) {
      for (const event of await real.events(asked)) {
        asked = event.seq;
        if (event.result) results.push(event.result);
        const [first] = results;
        const foreign = results.length > 1 && event.result && first && { ...event, result: first };
        const { result: _, ...word } = event;
        const late = { ...word, status: 'refused', note: 'слишком поздно' };
        for (const each of foreign ? [foreign, event, event, foreign, late] : [event]) add(each);
      }
      return told.slice(after);
    },
    acknowledge: async () => {},
    refuse: async seq => void refused.push(seq),
  };
  const centre = await startRelaying(t, await folder(t), system, { social: confused });
  const one = await sendCase(centre);
  await one.deliver(centre);
  await inState(centre, one, 'result-ready');
  const other = await sendCase(centre);
  await other.deliver(centre);
  await inState(centre, other, 'result-ready');
  await until('both refusals', async () => refused.length === 2);
  const statuses = async () => (await toldOf(centre, other.caseId)).filter(status => /result/.test(status));
  const expected = ['result-refused', 'case.result', 'result-refused'];
  await until('all is told', async () => (await statuses()).length >= expected.length);
  assert.deepEqual(await statuses(), expected);
  await until('the late word', async () => (await toldOf(centre, other.caseId)).at(-1) === 'refused');
  const { history, result, state } = await centre.views.get(other.caseId);
  assert.equal(state, 'result-ready', 'a refusal after the result is a word of the history');
  assert.equal(history.filter(({ event }) => event === 'result-received').length, 1);
  assert.equal(history.find(({ event }) => event === 'result-refused')?.note, 'CASE_MISMATCH');
  assert.deepEqual([result?.verdict, result?.sha256], ['passed', results[1]?.sha256]);
});

test('F18 events of a package whose registration got lost on the way wait until it is repeated', async t => {
  const system = await agency(t);
  const real = gatewayTo(system, 'social');
  let lost = '';
  const forgetful: AgencyAdapter = {
    ...real,
    async send(request, open) {
      const outcome = await real.send(request, open);
      return request.requestId === lost ? { kind: 'unreachable', reason: 'the answer got lost' } : outcome;
    },
  };
  const centre = await startRelaying(t, await folder(t), system, { social: forgetful });
  const first = await sendCase(centre);
  lost = first.packageId;
  await first.deliver(centre);
  await until('registered there', async () => system.requests().length === 1);
  const second = await sendCase(centre);
  await second.deliver(centre);
  await inState(centre, second, 'in-agency');
  await sleep(100);
  assert.deepEqual(await toldOf(centre, first.caseId), ['package-verified']);
  lost = '';
  for (const each of [first, second]) {
    await inState(centre, each, 'result-ready');
    oneRegistration(system, each);
    assert.deepEqual(await toldOf(centre, each.caseId), whole);
  }
});

test('a result that never arrives as announced is given back, and the other results arrive', async t => {
  const system = await agency(t);
  await system.mode({ corruptContent: true });
  const centre = await startRelaying(t, await folder(t), system);
  const sent = await sendCase(centre);
  await sent.deliver(centre);
  await until('the refusal', async () => system.refusals().length > 0);
  await until('the trouble', async () => (await centre.views.get(sent.caseId)).trouble !== null);
  await system.mode({ corruptContent: false });
  const next = await sendCase(centre);
  await next.deliver(centre);
  await inState(centre, next, 'result-ready');
  assert.equal((await centre.views.get(sent.caseId)).state, 'in-agency');
});

test('F01 the relay stopped at any step and started again registers once and tells each status once', async t => {
  const system = await agency(t);
  await system.mode({ slowMs: 20 });
  const dir = await folder(t);
  let centre = await startRelaying(t, dir, system);
  const sent = [await sendCase(centre), await sendCase(centre)];
  for (const each of sent) await each.deliver(centre);
  for (let pauseMs = 5; pauseMs < 150; pauseMs += 25) {
    await sleep(pauseMs);
    await centre.stop();
    centre = await startRelaying(t, dir, system);
  }
  for (const each of sent) await inState(centre, each, 'result-ready');
  for (const each of sent) {
    oneRegistration(system, each);
    assert.deepEqual(await toldOf(centre, each.caseId), whole);
  }
});

test('an agency that hangs holds up no other agency', async t => {
  const system = await agency(t);
  const { promise, reject } = Promise.withResolvers<never>();
  const hanging: AgencyAdapter = {
    ...gatewayTo(system, 'fns'),
    send: () => promise,
    close: () => reject(new AppError('relay.agency-unreachable')),
  };
  const centre = await startRelaying(t, await folder(t), system, { fns: hanging });
  const stuck = await sendCase(centre, { serviceId: 'inn-certificate' });
  await stuck.deliver(centre);
  await until('verified', async () => (await centre.views.get(stuck.caseId)).state === 'verified');
  const sent = await sendCase(centre);
  await sent.deliver(centre);
  await inState(centre, sent, 'result-ready');
});

test('one package that the agency stumbles over holds up no other package, nor results', async t => {
  const system = await agency(t);
  const real = gatewayTo(system, 'social');
  let poison = '';
  const stumbling: AgencyAdapter = {
    ...real,
    send: async (request, open) =>
      request.requestId === poison
        ? { kind: 'unreachable', reason: 'the answer 500' }
        : await real.send(request, open),
  };
  const centre = await startRelaying(t, await folder(t), system, { social: stumbling });
  const first = await sendCase(centre);
  poison = first.packageId;
  await first.deliver(centre);
  await until('verified', async () => (await centre.views.get(first.caseId)).state === 'verified');
  const next = await sendCase(centre);
  await next.deliver(centre);
  await inState(centre, next, 'result-ready');
  assert.equal((await centre.views.get(first.caseId)).state, 'verified');
  poison = '';
  await inState(centre, first, 'result-ready');
});

test('a package that the centre lost or that rotted there is told, asked for again, and goes on when it came', async t => {
  const system = await agency(t);
  const dir = await folder(t);
  const centre = await startRelaying(t, dir, system);
  const [gone, rotten] = [await sendCase(centre), await sendCase(centre)];
  await put(dir, rotten.sha256, Buffer.from('rotten'));
  for (const { sha256 } of [gone, rotten])
    await centre.ledger.contentArrived({ sha256, sizeBytes: 1, mediaType: 'x' });
  centre.relay.kick();
  const codes = async () => (await centre.troubles.newest(9)).map(({ code }) => code).toSorted();
  await until('the troubles', async () => (await codes()).length === 2);
  assert.deepEqual(await codes(), ['journal.blob-corrupt', 'journal.blob-missing']);
  const sent = await sendCase(centre);
  await sent.deliver(centre);
  await inState(centre, sent, 'result-ready');

  const wanted = (await centre.downLogs.entries(box, 0, 100)).filter(({ type }) => type === 'content.wanted');
  assert.deepEqual(
    wanted.map(({ body }) => (body as DownBody<'content.wanted'>).content.sha256).toSorted(),
    [gone.sha256, rotten.sha256].toSorted(),
  );
  for (const lost of [gone, rotten]) {
    assert.equal((await centre.views.get(lost.caseId)).state, 'package-awaited');
    await lost.deliver(centre);
    await inState(centre, lost, 'result-ready');
  }
  assert.equal((await codes()).length, 2);
});

test('a result that rots in the centre before it is judged is fetched once more, and events behind it go on', async t => {
  const system = await agency(t);
  const dir = await folder(t);
  const real = gatewayTo(system, 'social');
  let spoilt = '';
  const rotting: AgencyAdapter = {
    ...real,
    async events(after) {
      const events = await real.events(after);
      const result = events.find(event => event.result)?.result;
      if (result && spoilt === '') {
        spoilt = result.sha256;
        await put(dir, spoilt, Buffer.from('rotten'));
      }
      return events;
    },
  };
  const centre = await startRelaying(t, dir, system, { social: rotting });
  const [first, second] = [await sendCase(centre), await sendCase(centre)];
  for (const each of [first, second]) await each.deliver(centre);
  for (const each of [first, second]) await inState(centre, each, 'result-ready');
  assert.ok((await centre.blobs.get(spoilt)).length > 10);
});
