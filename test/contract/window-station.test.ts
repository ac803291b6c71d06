import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createBoxServer } from '../../device/http/box-server.ts';
import { addStationReadings } from '../../device/http/station-routes.ts';
import { startWindowStation } from '../../device/station/window-main.ts';
import { systemClock } from '../../platform/clock.ts';
import { hashPassword } from '../../platform/login.ts';
import { boxConfig } from '../bench/setting/box-config.ts';
import { openTestJournal, silentLog } from '../fixtures/books.ts';
import { until } from '../fixtures/until.ts';
import { makeUsbTree } from '../fixtures/usb-tree.ts';
import { openPty } from '../simulators/ticket-printer/pty.ts';

const password = 'proba-proba';

/** Logs in and hears what the page of such a person hears. */
async function listen(url: string, login: string): Promise<() => string> {
  const entered = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const answer = await fetch(`${url}/api/live`, { headers: { cookie } });
  let heard = '';
  void (async () => {
    for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) heard += text;
  })().catch(() => undefined);
  await until(() => heard.includes('alive'));
  return () => heard;
}

/** In place of a hub: hangs up on whoever asks, until somebody has told this. */
async function refuseUntil(told: string, port: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = createServer(socket => {
    let heard = '';
    socket.on('error', () => undefined);
    socket.on('data', chunk => {
      heard += chunk;
      if (heard.includes(told)) resolve();
      if (heard.includes(told) || heard.startsWith('GET')) socket.destroy();
    });
  });
  server.listen(port, '127.0.0.1');
  await promise;
  await new Promise(closed => server.close(closed));
}

test('issue 7: what a scanner at a window’s own box reads reaches the clerk of that window alone, also after the hub was away', {
  timeout: 60_000,
}, async t => {
  const ends = new AsyncDisposableStack();
  t.after(() => ends.disposeAsync());
  const dir = await mkdtemp(join(tmpdir(), 'okno-window-'));
  ends.defer(() => rm(dir, { recursive: true, force: true }));
  const passwordHash = await hashPassword(password);
  const account = (login: string, role: 'clerk' | 'station', window: string) => ({
    ...{ login, role, window, passwordHash, name: login, post: '' },
  });
  const usual = boxConfig('mfc-041', dir);
  const { journal } = openTestJournal();
  async function startHub(port: number) {
    const config = {
      ...usual,
      http: { host: '127.0.0.1', port, publicUrl: '' },
      users: [
        account('fifth', 'clerk', '5'),
        account('sixth', 'clerk', '6'),
        account('box-5', 'station', '5'),
      ],
    };
    const web = await createBoxServer({ journal, config, clock: systemClock, log: silentLog });
    addStationReadings(web.server, web);
    await web.listen();
    return { web, port: (web.server.server.address() as { port: number }).port };
  }
  let hub = await startHub(0);
  ends.defer(() => hub.web.stop());
  const url = `http://127.0.0.1:${hub.port}`;

  const tree = await makeUsbTree();
  ends.defer(() => tree.remove());
  const cable = await openPty(join(dir, 'cable'), () => {});
  ends.defer(() => cable.close());
  const station = await startWindowStation(
    {
      station: 'box-5',
      hub: { url, publicUrl: url, login: 'box-5', password },
      readers: [{ driver: 'card-reader.pcsc' }, { driver: 'barcode-scanner.serial' }],
      logLevel: 'silent',
    },
    { roots: tree.roots },
  );
  ends.defer(() => station.stop());
  await tree.plugSerial({ port: '1-1', usb: '0403:6001', product: 'Adapter' }, 'ttyUSB0', join(dir, 'cable'));
  await until(() => station.ready() === 1);

  let [own, other] = [await listen(url, 'fifth'), await listen(url, 'sixth')];
  const scan = (code: string) => cable.send(new TextEncoder().encode(`${code}\r`));
  scan('FIRST-CODE');
  await until(() => own().includes('FIRST-CODE'));
  assert.match(own(), /"device":"box-5\/[0-9a-f]+","place":"5"/);

  const { port } = hub;
  await hub.web.stop();
  scan('LOST-CODE');
  await refuseUntil('LOST-CODE', port);
  hub = await startHub(port);
  [own, other] = [await listen(url, 'fifth'), await listen(url, 'sixth')];
  // Sessions of the hub are gone as well: the station logs in again by itself.
  await until(() => {
    scan('THIRD-CODE');
    return own().includes('THIRD-CODE');
  });
  assert.doesNotMatch(own(), /LOST-CODE/);
  assert.doesNotMatch(other(), /reading/);
});

test('a reading is taken from stations only, in the form of a reading, and for their own window', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-window-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const passwordHash = await hashPassword(password);
  const config = {
    ...boxConfig('mfc-041', dir),
    users: (['clerk', 'station'] as const).map(role => ({
      ...{ login: role, role, window: '5', passwordHash, name: role, post: '' },
    })),
  };
  const { journal } = openTestJournal();
  const { server, login } = await createBoxServer({ journal, config, clock: systemClock, log: silentLog });
  t.after(() => server.close());
  const told: unknown[] = [];
  addStationReadings(server, { login, tellReading: reading => told.push(reading) });
  const tell = async (who: string, body: object) => {
    const { headers } = await server.inject({
      ...{ method: 'POST', url: '/api/login', payload: { login: who, password } },
    });
    const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    const answer = await server.inject({
      ...{ method: 'POST', url: '/api/stations/readings', payload: body, headers: { cookie } },
    });
    return answer.statusCode;
  };
  const read = { kind: 'text', text: 'CODE' };
  assert.equal(await tell('clerk', { device: 'a', read }), 403);
  assert.equal(await tell('station', { device: 'a', read: { kind: 'text', text: 'x'.repeat(5000) } }), 400);
  assert.equal(await tell('station', { device: 'a', read: { kind: 'unknown' } }), 400);
  assert.deepEqual(told, []);
  assert.equal(await tell('station', { device: 'a', place: '6', read }), 204);
  assert.deepEqual(told, [{ device: 'station/a', place: '5', read }]);
});
