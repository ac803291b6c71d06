import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import Type from 'typebox';
import { addPageRoutes } from '../../device/http/page-routes.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLiveStream, type LiveStream } from '../../platform/live-stream.ts';
import { AppError } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import { Id } from '../../protocol/values.ts';
import { silentLog } from '../fixtures/books.ts';

let server: FastifyInstance;
let live: LiveStream;
let pages: string;
let logged = '';
const keep = new Writable({
  write(chunk, _encoding, done) {
    logged += chunk;
    done();
  },
});

before(async () => {
  pages = await mkdtemp(join(tmpdir(), 'okno-pages-'));
  await writeFile(join(pages, 'kiosk.html'), '<!doctype html>');
  await writeFile(join(pages, '.env'), 'secret');
  server = await createHttpServer(pino({ level: 'trace' }, keep));
  live = addLiveStream(server);
  const body = Type.Object({ name: Type.String({ maxLength: 5 }) });
  server.post('/things', { schema: { body } }, async request => request.body);
  server.get('/things/:id', { schema: { params: Type.Object({ id: Id }) } }, async () => ({}));
  server.get('/broken', async () => {
    throw new TypeError('Примеров Тест Образцович');
  });
  server.get('/refused', async () => {
    throw new AppError('token.pin-refused', { triesLeft: 3 });
  });
  await addPageRoutes(server, pages);
  await server.listen({ host: '127.0.0.1', port: 0 });
});
after(async () => {
  live.close();
  await server.close();
  await rm(pages, { recursive: true });
});

const post = (payload: string | object, type = 'application/json') =>
  server.inject({ method: 'POST', url: '/things', payload, headers: { 'content-type': type } });
const get = (url: string) => server.inject({ url });

function assertError(answer: Awaited<ReturnType<typeof get>>, status: number, code: string): void {
  assert.equal(answer.statusCode, status, answer.body);
  const error = answer.json();
  assert.deepEqual(Object.keys(error).sort(), ['code', 'details', 'en', 'ru']);
  assert.equal(error.code, code);
  assert.ok(error.ru.length > 0 && error.en.length > 0);
  assert.doesNotMatch(answer.body, /node_modules|\.ts:|at .*\(/);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
}

describe('a request that is wrong is told so, in words', () => {
  test('broken JSON', async () => assertError(await post('{"name":'), 400, 'internal.bad-request'));
  test('an empty body', async () => assertError(await post(''), 400, 'internal.bad-request'));
  test('another type of body', async () =>
    assertError(await post('<name/>', 'text/xml'), 400, 'internal.bad-request'));
  test('JSON that reaches for a prototype', async () =>
    assertError(await post('{"name":"a","__proto__":{"role":"clerk"}}'), 400, 'internal.bad-request'));
  test('a body of another shape', async () => {
    for (const payload of [{}, { name: 5 }, { name: 'слишком' }, [], 'null'])
      assertError(await post(payload), 400, 'internal.bad-request');
  });
  test('parameters of another shape', async () =>
    assertError(await get('/things/1'), 400, 'internal.bad-request'));
  test('an address that cannot be decoded', async () =>
    assertError(await get('/things/%ZZ'), 400, 'internal.bad-request'));
  test('too much', async () =>
    assertError(await post({ name: 'a'.repeat(limits.jsonBodyBytes) }), 413, 'internal.too-large'));
  test('an address that leads nowhere', async () => {
    assertError(await get('/nowhere'), 404, 'internal.not-found');
    assertError(await server.inject({ method: 'DELETE', url: '/things' }), 404, 'internal.not-found');
  });
  test('a way out of the folder of pages, or a hidden file', async () => {
    for (const url of ['/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd', '/.env', '/%00']) {
      const answer = await get(url);
      assert.ok(answer.statusCode === 404 || answer.statusCode === 400, `${url}: ${answer.statusCode}`);
      assertError(answer, answer.statusCode, answer.json().code);
    }
    assert.equal((await get('/kiosk')).statusCode, 200);
  });
});

test('a refusal has the status of its code and its details', async () => {
  const answer = await get('/refused');
  assertError(answer, answer.statusCode, 'token.pin-refused');
  assert.deepEqual(answer.json().details, { triesLeft: 3 });
});

test('an error that nobody expected says nothing of itself, and is in the log', async () => {
  const answer = await get('/broken');
  assertError(answer, 500, 'internal.unexpected');
  assert.doesNotMatch(answer.body, /Примеров/);
  assert.match(logged, /"route":"\/broken"/);
});

test('a browser that many people use keeps no answer that did not say it may be kept', async () => {
  assert.equal(
    (await get(`/things/${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`)).headers['cache-control'],
    'no-store',
  );
  assert.equal((await get('/things/1')).headers['cache-control'], 'no-store');
  assert.match(String((await get('/kiosk.html')).headers['cache-control']), /max-age/);
});

test('a page may load nothing from elsewhere and stand in no frame', async () => {
  const { headers } = await get('/kiosk');
  assert.match(String(headers['content-security-policy']), /default-src 'self'.*frame-ancestors 'none'/);
  assert.equal(headers['referrer-policy'], 'no-referrer');
});

describe('the live stream', () => {
  const port = () => (server.server.address() as { port: number }).port;
  async function listen() {
    const response = await fetch(`http://127.0.0.1:${port()}/api/live`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    assert.ok(reader);
    let text = '';
    return {
      cancel: () => reader.cancel(),
      async until(wanted: RegExp): Promise<string> {
        while (!wanted.test(text)) {
          const { value, done } = await reader.read();
          if (done) break;
          text += value;
        }
        return text;
      },
    };
  }

  test('says what changed, once for everything that changed together', async () => {
    const page = await listen();
    await page.until(/event: alive/);
    live.changed('queue', 'board');
    live.changed('queue', 'cases');
    const text = await page.until(/event: changed\n.*\n\n/);
    assert.match(text, /data: \{"topics":\["queue","board","cases"\]\}/);
    assert.equal(text.match(/event: changed/g)?.length, 1);
    await page.cancel();
  });

  test('gathers what changes soon after a word, and forgets nothing of it', async () => {
    const page = await listen();
    await page.until(/event: alive/);
    live.changed('queue');
    await page.until(/"queue"/);
    for (const topic of ['board', 'cases', 'board'] as const) {
      live.changed(topic);
      await new Promise(resolve => setImmediate(resolve));
    }
    const text = await page.until(/"cases"/);
    assert.match(
      text,
      /data: \{"topics":\["queue"\]\}\n\nevent: changed\ndata: \{"topics":\["board","cases"\]\}/,
    );
    await page.cancel();
  });

  test('goes on for others when a page is gone', async () => {
    const [gone, stays] = [await listen(), await listen()];
    await Promise.all([gone, stays].map(page => page.until(/alive/)));
    await gone.cancel();
    live.changed('devices');
    assert.match(await stays.until(/devices/), /"devices"/);
    await stays.cancel();
  });

  test('cuts off a page that never reads', async () => {
    const connections = () =>
      new Promise<number>(resolve => server.server.getConnections((_error, count) => resolve(count)));
    const socket = connect(port(), '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /api/live HTTP/1.1\r\nhost: a\r\n\r\n');
    await new Promise(resolve => socket.once('readable', resolve));
    const before = await connections();
    const long = 'x'.repeat(1_000_000) as 'queue';
    while ((await connections()) >= before) {
      live.changed(long);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    socket.destroy();
  });

  test('an address that opens very many pages keeps nobody else out', async t => {
    const narrow = await createHttpServer(silentLog);
    const few = addLiveStream(narrow, { most: 5 });
    await narrow.listen({ host: '127.0.0.1', port: 0 });
    t.after(async () => {
      few.close();
      await narrow.close();
    });
    const { port: at } = narrow.server.address() as { port: number };
    const openFrom = (localAddress: string) =>
      new Promise<{ status: number | undefined; ended: Promise<unknown> }>((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port: at, path: '/api/live', localAddress }, answer => {
          answer.on('error', () => {});
          answer.resume();
          t.after(() => asked.destroy());
          resolve({ status: answer.statusCode, ended: new Promise(ended => answer.once('close', ended)) });
        });
        asked.on('error', reject);
        asked.end();
      });
    const greedy = [];
    for (let page = 0; page < 5; page++) greedy.push(await openFrom('127.0.0.2'));
    assert.equal((await openFrom('127.0.0.2')).status, 503);
    const others = [await openFrom('127.0.0.3'), await openFrom('127.0.0.4')];
    assert.deepEqual(
      others.map(({ status }) => status),
      [200, 200],
    );
    // Its two oldest pages made room.
    await Promise.all([greedy[0]?.ended, greedy[1]?.ended]);
    assert.equal((await openFrom('127.0.0.2')).status, 503);
  });

  test('F41 a change that is told when the box stops is written nowhere', async () => {
    const page = await listen();
    await page.until(/alive/);
    live.changed('queue');
    live.close();
    assert.doesNotMatch(await page.until(/never/), /changed/);
  });
});
