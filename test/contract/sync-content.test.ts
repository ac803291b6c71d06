import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TlsIdentity } from '../../device/sync/centre-line.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { blobOf } from '../fixtures/books.ts';
import {
  type Centre,
  folder,
  foreigners,
  identityOf,
  layLine,
  network,
  startBox,
  startCentre,
} from './sync-setting.ts';

const mediaType = 'application/octet-stream';

async function setting(t: TestContext) {
  const [centreDir, boxDir] = [await folder(t), await folder(t)];
  const centre = await startCentre(t, centreDir);
  const line = await layLine(t, centre);
  const box = await startBox(t, boxDir, line);
  return { centre, line, box, centreDir, boxDir };
}

/** One call as anybody could make it. */
function call(
  centre: Centre,
  tls: Partial<TlsIdentity>,
  method: string,
  sha256: string,
  headers: Record<string, string> = {},
  body?: Uint8Array,
  size = body?.length ?? 1,
): Promise<{ status: number; code?: ErrorCode }> {
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${centre.contentPort}/content/${sha256}?size=${size}&type=${mediaType}`;
    const type = body ? { 'content-type': mediaType } : {};
    const sending = request(url, { method, ...tls, headers: { ...type, ...headers } }, incoming => {
      const chunks: Buffer[] = [];
      incoming.on('data', chunk => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const said = text.startsWith('{') ? JSON.parse(text) : {};
        resolve({ status: incoming.statusCode ?? 0, ...(said.code && { code: said.code }) });
      });
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

test('F18 other bytes than the named ones are refused, dropped, and the right ones taken', async t => {
  const { centre, box, centreDir } = await setting(t);
  const bytes = randomBytes(5000);
  const { sha256 } = blobOf(bytes);
  const own = await identityOf(network, 'mfc-042');
  const put = (body: Uint8Array) =>
    call(centre, own, 'PUT', sha256, { 'content-range': `bytes 0-${body.length - 1}/${body.length}` }, body);
  const wrong = Buffer.from(bytes);
  wrong[77] = (wrong[77] ?? 0) ^ 1;
  assert.deepEqual(await put(wrong), { status: 422, code: 'sync.content-mismatch' });
  assert.deepEqual(
    [
      await centre.blobs.has(sha256),
      await readdir(join(centreDir, 'blobs/part/mfc-042')),
      await centre.ledger.hasContent(sha256),
    ],
    [false, [], false],
  );
  await box.blobs.put(bytes, mediaType);
  await box.content.upload(blobOf(bytes));
  assert.ok(await centre.ledger.hasContent(sha256));
});

test('a range that does not fit is refused and changes nothing', async t => {
  const { centre, centreDir } = await setting(t);
  const own = await identityOf(network, 'mfc-041');
  const bytes = randomBytes(1000);
  const { sha256 } = blobOf(bytes);
  const put = (range: string, size: number) =>
    call(centre, own, 'PUT', sha256, { 'content-range': range }, bytes, size);
  for (const [range, size] of [
    ['bytes 5-1004/2000', 2000],
    ['bytes 0-500/1000', 1000],
    ['bytes 0-999/2000', 2000],
    ['bytes 0-999/900', 900],
    ['bytes 0-999/1000', 1001],
    ['bytes 0-1099/1100', 1100],
    ['bytes 0-999/999999999999', 999999999999],
  ] as const)
    assert.deepEqual(await put(range, size), { status: 416, code: 'sync.bad-range' }, range);
  for (const range of ['bytes */1000', 'nonsense'])
    assert.equal((await put(range, 1000)).code, 'internal.bad-request', range);
  assert.deepEqual(await readdir(join(centreDir, 'blobs/part')), []);
  for (const path of ['..%2f..%2fcentre.db', 'AB', ''])
    assert.notEqual((await call(centre, own, 'GET', path, { range: 'bytes=0-1' })).status, 206);
});

test('LED-3.21 a box may not fetch content that it was not told of', async t => {
  const { centre } = await setting(t);
  const secret = await centre.blobs.put(Buffer.from('result of another branch'), mediaType);
  await centre.tell('mfc-041', {
    type: 'case.result',
    body: { caseId: randomUUID(), result: secret, saidAt: new Date().toISOString() },
  });
  const get = (tls: Partial<TlsIdentity>) => call(centre, tls, 'GET', secret.sha256, { range: 'bytes=0-9' });
  assert.equal((await get(await identityOf(network, 'mfc-041'))).status, 206);
  assert.equal((await get(await identityOf(network, 'mfc-042'))).status, 404);
  assert.equal((await get(await identityOf(network, 'mfc-999'))).code, 'sync.identity-refused');
  await assert.rejects(get({ ca: network.certificate }));
  const forged = { ...(await identityOf(foreigners, 'mfc-041')), ca: network.certificate };
  await assert.rejects(get(forged));
});
