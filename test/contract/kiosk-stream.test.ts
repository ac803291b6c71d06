import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createBoxServer } from '../../device/http/box-server.ts';
import { systemClock } from '../../platform/clock.ts';
import type { CodeRead } from '../../protocol/readings.ts';
import { boxConfig } from '../bench/setting/box-config.ts';
import { openTestJournal, silentLog } from '../fixtures/books.ts';
import { until } from '../fixtures/until.ts';

const kioskKey = 'invented-key-of-a-kiosk';
const query = '/api/live?place=kiosk';

/** What a client with such headers hears until the stream ends. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers });
  let heard = '';
  const over = (async () => {
    for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) heard += text;
  })();
  await until(() => heard.includes('alive'));
  return { over, heard: () => heard };
}

/** The cookie that `/kiosk/start` gives for a key, and where it leads. */
async function startWith(base: string, key: string) {
  const answer = await fetch(`${base}/kiosk/start?key=${key}&place=entrance`, { redirect: 'manual' });
  return {
    cookie: answer.headers.getSetCookie()[0] ?? '',
    location: answer.headers.get('location'),
  };
}

test('an appointment code at the kiosk reaches the kiosk and nobody else in the network of the branch', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-kiosk-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const { journal } = openTestJournal();
  const usual = boxConfig('mfc-041', dir);
  const config = { ...usual, http: { ...usual.http, host: '0.0.0.0' }, screens: { kioskKey } };
  const web = await createBoxServer({ journal, config, clock: systemClock, log: silentLog });
  await web.listen();
  const { port } = web.server.server.address() as { port: number };
  const local = `http://127.0.0.1:${port}`;
  const outside = Object.values(networkInterfaces())
    .flatMap(addresses => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4');
  const network = outside ? `http://${outside.address}:${port}` : undefined;

  const right = await startWith(local, kioskKey);
  const wrong = await startWith(local, 'invented-key-of-nobody');
  assert.match(right.cookie, /HttpOnly; SameSite=Strict/);
  assert.deepEqual([right.location, wrong.location], ['/kiosk?place=entrance', '/kiosk?place=entrance']);
  assert.equal(wrong.cookie, '');

  const cookie = right.cookie.split(';')[0] ?? '';
  const handedOn = { 'x-forwarded-for': '10.1.1.1' };
  const kiosks = [
    await listen(`${local}${query}`),
    await listen(`${local}${query}`, { ...handedOn, cookie }),
    ...(network ? [await listen(`${network}${query}`, { cookie })] : []),
  ];
  const others = [
    await listen(`${local}/api/live`),
    await listen(`${local}${query}`, handedOn),
    await listen(`${local}${query}`, { forwarded: 'for=10.1.1.1' }),
    await listen(`${local}${query}`, { ...handedOn, cookie: 'okno-kiosk=' }),
    await listen(`${local}${query}`, { ...handedOn, cookie: `okno-kiosk=${kioskKey}x` }),
    ...(network ? [await listen(`${network}${query}`), await listen(`${network}/api/live`, { cookie })] : []),
  ];

  const tell = (read: CodeRead) => web.tellReading({ device: 'scanner', place: 'kiosk', read });
  tell({ kind: 'text', text: 'somebody’s' });
  tell({ kind: 'appointment', code: '1234567890' });
  for (const kiosk of kiosks) {
    await until(() => kiosk.heard().includes('1234567890'));
    assert.doesNotMatch(kiosk.heard(), /somebody/);
  }
  await web.stop();
  for (const other of others) {
    await other.over;
    assert.doesNotMatch(other.heard(), /reading/);
  }
});
