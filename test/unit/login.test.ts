import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { createHttpServer } from '../../platform/http.ts';
import { addLogin, hashPassword, type User } from '../../platform/login.ts';
import { silentLog } from '../fixtures/branch.ts';
import { hourMs, type TestClock, testClock } from '../fixtures/test-clock.ts';

const password = 'окно-4711';
let users: User[];
let server: FastifyInstance;
let clock: TestClock;
/** Who logged out. */
let left: string[];

before(async () => {
  const passwordHash = await hashPassword(password);
  const person = { name: 'Окошкина Анна Примеровна', post: 'Специалист', passwordHash };
  users = [
    { ...person, login: 'clerk', role: 'clerk', window: '1' },
    { ...person, login: 'technician', role: 'technician', window: null },
    { ...person, login: 'broken', role: 'clerk', window: '2', passwordHash: 'scrypt$c2FsdA$' },
  ];
});
beforeEach(async () => {
  clock = testClock('2026-11-22T09:00:00.000Z');
  server = await createHttpServer(silentLog);
  const login = addLogin(server, users, clock);
  left = [];
  login.onLogOut(me => left.push(me.login));
  server.get('/clerks', async request => login.require(request, 'clerk'));
  server.get('/people', async request => login.require(request));
});
after(() => server.close());

const logIn = (login = 'clerk', given = password) =>
  server.inject({ method: 'POST', url: '/api/login', payload: { login, password: given } });
const code = async (answer: ReturnType<typeof logIn>) => (await answer).json().code;

async function cookieOf(login = 'clerk'): Promise<string> {
  const [cookie] = (await logIn(login)).cookies;
  assert.ok(cookie);
  return `${cookie.name}=${cookie.value}`;
}
const ask = (url: string, cookie = '') => server.inject({ url, headers: { cookie } });

describe('KEM-2.x logging in', () => {
  test('says who one is, never the hash of the password', async () => {
    const answer = await logIn();
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(Object.keys(answer.json()).sort(), ['login', 'name', 'post', 'role', 'window']);
    const me = await ask('/api/me', await cookieOf());
    assert.equal(me.json().login, 'clerk');
  });

  test('gives a cookie that scripts and other sites cannot use, another one each time', async () => {
    const [first, second] = [await logIn(), await logIn()].map(answer => answer.cookies[0]);
    assert.deepEqual([first?.httpOnly, first?.sameSite, first?.path], [true, 'Strict', '/']);
    assert.ok((first?.value.length ?? 0) >= 43);
    assert.notEqual(first?.value, second?.value);
  });

  test('needs the right name and the right password, and does not say which was wrong', async () => {
    assert.equal(await code(logIn('clerk', 'wrong')), 'access.bad-credentials');
    assert.equal(await code(logIn('nobody')), 'access.bad-credentials');
    assert.deepEqual((await logIn('clerk', 'wrong')).json(), (await logIn('nobody')).json());
    assert.equal((await logIn('clerk', 'wrong')).cookies.length, 0);
  });

  test('never takes an empty hash for one that every password fits', async () => {
    assert.equal(await code(logIn('broken')), 'setup.bad-configuration');
  });
});

describe('guessing', () => {
  const guess = (login = 'clerk') => code(logIn(login, 'wrong'));

  test('has to wait after five wrong passwords, and the right one too', async () => {
    for (let tries = 0; tries < 5; tries++) assert.equal(await guess(), 'access.bad-credentials');
    assert.equal(await guess(), 'access.too-many-tries');
    assert.equal(await code(logIn()), 'access.too-many-tries');
    clock.advance(30_000);
    assert.equal((await logIn()).statusCode, 200);
    assert.equal(await guess(), 'access.bad-credentials');
  });

  test('many at once has to wait as well', async () => {
    const codes = await Promise.all(Array.from({ length: 12 }, () => guess()));
    assert.equal(codes.filter(each => each === 'access.bad-credentials').length, 5);
    assert.equal(codes.filter(each => each === 'access.too-many-tries').length, 7);
  });

  test('one name does not keep others out', async () => {
    for (let tries = 0; tries < 6; tries++) await guess();
    assert.equal((await logIn('technician')).statusCode, 200);
  });

  test('elsewhere does not keep a person out of the place where they log in', async () => {
    const from = (remoteAddress: string, given = password) =>
      code(
        server.inject({
          ...{ method: 'POST', url: '/api/login', remoteAddress },
          payload: { login: 'clerk', password: given },
        }),
      );
    assert.equal(await from('10.0.0.5'), undefined);
    for (let tries = 0; tries < 5; tries++)
      assert.equal(await from('10.0.0.9', 'wrong'), 'access.bad-credentials');
    assert.equal(await from('10.0.0.9'), 'access.too-many-tries');
    assert.equal(await from('10.0.0.8'), 'access.too-many-tries');
    assert.equal(await from('10.0.0.5'), undefined);
    for (let tries = 0; tries < 5; tries++)
      assert.equal(await from('10.0.0.5', 'wrong'), 'access.bad-credentials');
    assert.equal(await from('10.0.0.5'), 'access.too-many-tries');
  });

  test('many names from one address has to wait too: each guess costs a twentieth of a second', async () => {
    const from = (remoteAddress: string, login: string, given = 'wrong') =>
      code(
        server.inject({
          ...{ method: 'POST', url: '/api/login', remoteAddress },
          payload: { login, password: given },
        }),
      );
    const all = Array.from({ length: 23 }, (_, n) => from('10.0.0.9', `nobody-${n}`));
    const codes = await Promise.all(all);
    assert.equal(codes.filter(each => each === 'access.bad-credentials').length, 20);
    assert.equal(codes.filter(each => each === 'access.too-many-tries').length, 3);
    for (let tries = 0; tries < 6; tries++)
      assert.equal(await from('10.0.0.9', 'clerk'), 'access.too-many-tries');
    assert.equal(await from('10.0.0.5', 'clerk', password), undefined, 'none of these was counted');
    clock.advance(60_000);
    assert.equal(await from('10.0.0.9', 'clerk', password), undefined);
  });

  test('names that do not exist is counted alike', async () => {
    for (let tries = 0; tries < 5; tries++) assert.equal(await guess('nobody'), 'access.bad-credentials');
    assert.equal(await guess('nobody'), 'access.too-many-tries');
  });
});

describe('a session', () => {
  test('ends by logging out, once, and those who want to know are told', async () => {
    const cookie = await cookieOf();
    await server.inject({ method: 'POST', url: '/api/logout' });
    assert.deepEqual(left, []);
    await server.inject({ method: 'POST', url: '/api/logout', headers: { cookie } });
    assert.equal((await ask('/people', cookie)).json().code, 'access.login-required');
    await server.inject({ method: 'POST', url: '/api/logout', headers: { cookie } });
    assert.deepEqual(left, ['clerk']);
  });

  test('lives beside the cookies of other servers on the same machine: browsers keep none by port', async t => {
    const servers = [server, await createHttpServer(silentLog)] as const;
    addLogin(servers[1], users, clock);
    const cookies = new Map<string, string>();
    const urls = await Promise.all(servers.map(each => each.listen({ host: '127.0.0.1', port: 0 })));
    t.after(() => Promise.all(servers.map(each => each.close())));
    for (const url of urls) {
      const answer = await fetch(`${url}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'clerk', password }),
      });
      const [name = '', value = ''] = answer.headers.getSetCookie()[0]?.split(';')[0]?.split('=') ?? [];
      cookies.set(name, value);
    }
    const cookie = [...cookies].map(pair => pair.join('=')).join('; ');
    for (const url of urls) assert.equal((await fetch(`${url}/api/me`, { headers: { cookie } })).status, 200);
  });

  test('ends after a working day', async () => {
    const cookie = await cookieOf();
    clock.advance(11 * hourMs);
    assert.equal((await ask('/people', cookie)).statusCode, 200);
    clock.advance(2 * hourMs);
    assert.equal((await ask('/people', cookie)).json().code, 'access.login-required');
  });

  test('cannot be invented', async () => {
    for (const cookie of ['', 'okno-0=', 'okno-0=x', 'okno-0=__proto__', 'okno-0=%ZZ'])
      assert.equal((await ask('/people', cookie)).statusCode, 401, cookie);
  });

  test('KEM-2.x opens what its role may see and nothing else', async () => {
    const [clerk, technician] = [await cookieOf(), await cookieOf('technician')];
    assert.equal((await ask('/clerks', clerk)).statusCode, 200);
    assert.equal((await ask('/clerks', technician)).json().code, 'access.forbidden');
    assert.equal((await ask('/people', technician)).statusCode, 200);
    assert.equal((await ask('/clerks')).json().code, 'access.login-required');
  });
});
