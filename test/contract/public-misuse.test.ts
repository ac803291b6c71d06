import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { addHallRoutes } from '../../device/http/hall-routes.ts';
import { limitPublicWrites } from '../../device/http/public-writes.ts';
import { addScreenRoutes } from '../../device/http/screen-routes.ts';
import { createCaseStatus } from '../../device/screens/case-status.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLogin } from '../../platform/login.ts';
import { silentLog } from '../fixtures/branch.ts';
import { minuteMs } from '../fixtures/test-clock.ts';
import { branch, desk, openCase, serviceId, start } from './case-setting.ts';

/*
 * What somebody in the network of the hall could try who is neither a kiosk nor a clerk.
 */
async function serve(t: TestContext) {
  await start();
  const server = await createHttpServer(silentLog);
  t.after(() => server.close());
  const { hall, register, db, config } = desk();
  const { clock } = branch;
  limitPublicWrites(server, clock);
  const login = addLogin(server, [], clock);
  addHallRoutes(server, { hall, register, config, login, clock });
  await addScreenRoutes(server, {
    ...{ hall, register, screens: {}, hasAppointments: () => false },
    voice: { isThere: async () => true, say: async (text, language) => Buffer.from(`${language} ${text}`) },
    caseStatus: createCaseStatus({ db, register, clock }),
  });
  return {
    get: async (url: string) => (await server.inject(url)).body,
    post: async (url: string, payload: object, remoteAddress: string) =>
      (await server.inject({ method: 'POST', url, payload, remoteAddress })).json() as { code?: string },
  };
}

test('KEM-14 the tries of a number count however it is written', async t => {
  const { post } = await serve(t);
  const { number, checkCode } = await desk().views.get(await openCase());
  const wrong = checkCode === '000000' ? '000001' : '000000';
  const last = number.slice(-6);
  const written = [number, ` ${number.toLowerCase()} `, last, last.slice(1), last.slice(2)];
  for (const [index, each] of written.entries()) {
    const { code } = await post('/api/case-status', { number: each, code: wrong }, `10.0.1.${index}`);
    assert.equal(code, 'case.wrong-check-code', each);
  }
  for (const each of [number, last, last.slice(3)]) {
    const { code } = await post('/api/case-status', { number: each, code: checkCode }, '10.0.2.1');
    assert.equal(code, 'case.check-locked', each);
  }
});

test('names that every object has are no texts and no languages', async t => {
  const { get } = await serve(t);
  const ask = (id: string, language: string) => get(`/api/speech?text-id=${id}&language=${language}`);
  assert.equal(JSON.parse(await ask('constructor.a', 'ru')).code, 'sound.unknown-text');
  assert.match(await ask('screen.idle', 'constructor'), /^ru Вы ещё здесь/);
});

test('one address in the hall cannot empty the paper roll; kiosks on the box and other addresses go on', async t => {
  const { post } = await serve(t);
  const { clock } = branch;
  const call = (address: string) =>
    post('/api/administrator-calls', { requestId: randomUUID(), place: 'kiosk-1' }, address);
  const codes = async (count: number, address: string) => {
    const told = new Set<string | undefined>();
    for (let n = 0; n < count; n++) told.add((await call(address)).code);
    return [...told];
  };
  assert.deepEqual(await codes(30, '10.0.0.9'), [undefined]);
  assert.deepEqual(await codes(3, '10.0.0.9'), ['queue.too-many-wishes']);
  const wish = { requestId: randomUUID(), serviceId };
  assert.equal((await post('/api/tickets', wish, '10.0.0.9')).code, 'queue.too-many-wishes');
  assert.deepEqual(await codes(1, '10.0.0.8'), [undefined]);
  assert.deepEqual(await codes(40, '127.0.0.1'), [undefined]);
  clock.advance(2 * minuteMs);
  assert.deepEqual(await codes(1, '10.0.0.9'), [undefined]);
});
