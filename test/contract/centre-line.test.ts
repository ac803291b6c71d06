import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer } from 'node:tls';
import type { Present } from '../../device/journal/clock-trust.ts';
import { createCentreLine } from '../../device/sync/centre-line.ts';
import { codeOf } from '../../protocol/app-error.ts';
import type { CertificateWish } from '../../provisioning/certificates/authority.ts';
import { foreigners, identityOf, network } from './sync-setting.ts';

const dayMs = 86_400_000;
const inDays = (days: number) => Date.now() + days * dayMs;
const box = await identityOf(network, 'mfc-041');

/** A certificate for the days from `from` to `to`, counted from today. */
const centreWish = (from: number, to: number, other: Partial<CertificateWish> = {}): CertificateWish => ({
  ...{ commonName: 'centre', usage: 'tls-server', names: ['127.0.0.1'] },
  ...{ notBefore: new Date(inDays(from)), days: to - from },
  ...other,
});

/** Dials a server with such a certificate: `accepted`, or the reason, and all that the server heard. */
async function dial(t: TestContext, wish: CertificateWish, present: Present, authority = network) {
  const { certificate: cert, privateKey: key = '' } = await authority.issue(wish);
  let heard = '';
  const server = createServer({ ca: network.certificate, cert, key, requestCert: true }, socket => {
    socket.on('error', () => {});
    socket.on('data', data => {
      heard += data;
      socket.end('bye');
    });
  });
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const line = createCentreLine({ tls: box, present: () => present });
  const socket = line.connect(`mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const outcome = new Promise<string>(resolve => {
    socket.on('data', () => resolve('accepted'));
    socket.on('error', error => {
      assert.equal(codeOf(error), 'sync.centre-untrusted');
      resolve(String((error as { details?: { reason?: string } }).details?.reason));
    });
  });
  socket.write('a fact');
  const judged = await outcome;
  socket.destroy();
  return { judged, heard };
}

const told = (days: number): Present => ({ ms: inDays(days), isTold: true });
const since = (days: number): Present => ({ ms: inDays(days), isTold: false });

/** The wall clock of this test says today; a present far from it is a wall clock that is wrong. */
const judged: [what: string, wish: CertificateWish, present: Present, judged: string][] = [
  ['a clock that is right', centreWish(-1, 1), told(0), 'accepted'],
  ['a clock behind, nothing told: a certificate of later', centreWish(300, 400), since(200), 'accepted'],
  ['a clock behind, the time was told: a certificate of now', centreWish(300, 400), told(350), 'accepted'],
  ['a clock behind, the time was told: one of later', centreWish(300, 400), told(299), 'CERT_NOT_YET_VALID'],
  ['a clock behind: one that had ended when the centre was last heard', centreWish(10, 20), since(21), 'CERT_HAS_EXPIRED'],
  ['a clock behind that likes one that had ended', centreWish(-10, 10), since(11), 'CERT_HAS_EXPIRED'],
  ['a clock ahead, nothing told: one that was good then', centreWish(-400, -300), since(-350), 'accepted'],
  ['a clock ahead, the time was told', centreWish(-400, -300), told(-350), 'accepted'],
  ['a clock that is right, and one that has ended', centreWish(-400, -1), told(0), 'CERT_HAS_EXPIRED'],
]; // biome-ignore format: a table

for (const [what, wish, present, expected] of judged)
  test(`F07 ${what}: ${expected}`, async t => {
    assert.deepEqual(await dial(t, wish, present), {
      judged: expected,
      heard: expected === 'accepted' ? 'a fact' : '',
    });
  });

test('F07 a wrong clock opens the door to nothing else: another name, purpose or authority is refused unheard', async t => {
  const ways: [wish: CertificateWish, authority: typeof network][] = [
    [centreWish(300, 400, { names: ['centre.example'] }), network],
    [centreWish(300, 400, { usage: 'tls-client' }), network],
    [centreWish(300, 400), foreigners],
    [centreWish(-400, -300, { names: ['127.0.0.2'] }), network],
    [centreWish(-1, 1, { names: ['centre.example'] }), network],
    [centreWish(-1, 1), foreigners],
  ];
  for (const [wish, authority] of ways)
    for (const present of [since(-500), told(350), told(-350), told(0)]) {
      const { judged, heard } = await dial(t, wish, present, authority);
      assert.notEqual(judged, 'accepted');
      assert.equal(heard, '');
    }
});
