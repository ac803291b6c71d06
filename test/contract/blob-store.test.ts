import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, type TestContext, test } from 'node:test';
import { openS3BlobStore } from '../../central/blobs/s3-blob-store.ts';
import { s3Line } from '../../central/blobs/s3-line.ts';
import { type BlobStore, openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { openPartStore, type PartStore } from '../../platform/part-store.ts';
import { limits } from '../../protocol/limits.ts';
import { startS3Server } from '../simulators/s3/s3-server.ts';
import { startTcpProxy } from '../simulators/tcp-proxy/tcp-proxy.ts';
import { folder, identityOf, network } from './sync-setting.ts';

const page = Buffer.from('страница');
const large = randomBytes(3_000_000);
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const nameOf = (sha256: string) => `${sha256.slice(0, 2)}/${sha256}`;

async function digestsOf(store: BlobStore): Promise<string[]> {
  const digests: string[] = [];
  for await (const sha256 of store.digests()) digests.push(sha256);
  return digests.sort();
}

interface Opened {
  /** The same content, opened by another process. */
  again(): Promise<BlobStore>;
  store: BlobStore;
  parts: PartStore;
  /** Changes the first byte of what is kept under a name. */
  spoil(name: string): Promise<void>;
}

const owner = 'mfc-041';
/** Brings content as boxes do, in pieces. */
async function transfer({ store, parts }: Opened, bytes: Buffer): Promise<string> {
  const blob = { sha256: digest(bytes), sizeBytes: bytes.length };
  const middle = Math.floor(bytes.length / 2 / limits.contentChunkBytes) * limits.contentChunkBytes;
  assert.equal(await parts.write(owner, blob, middle, bytes.subarray(middle)), 'part');
  assert.equal(await store.has(blob.sha256), false);
  assert.equal(await parts.write(owner, blob, 0, bytes.subarray(0, middle)), 'complete');
  return blob.sha256;
}

function blobStoreContract(open: (t: TestContext) => Promise<Opened>): void {
  test('names bytes by their digest and gives them back, whole and in parts, to every centre', async t => {
    const { store, again } = await open(t);
    const blob = await store.put(page, 'image/jpeg');
    assert.deepEqual(blob, { sha256: digest(page), sizeBytes: page.length, mediaType: 'image/jpeg' });
    const { sha256 } = await store.put(large, 'application/pdf');
    for (const each of [store, await again()]) {
      assert.deepEqual(await each.get(blob.sha256), page);
      assert.deepEqual(await each.get(sha256), large);
      assert.equal(await each.sizeOf(sha256), large.length);
      const part = await each.read(sha256, { start: 1_000_000, end: 2_000_000 }).toArray();
      assert.deepEqual(Buffer.concat(part), large.subarray(1_000_000, 2_000_001));
      assert.deepEqual(Buffer.concat(await each.read(sha256).toArray()), large);
    }
  });

  test('a transfer appears when it is whole, and can be told again', async t => {
    const opened = await open(t);
    const sha256 = await transfer(opened, large);
    assert.deepEqual(await (await opened.again()).get(sha256), large);
    const blob = { sha256, sizeBytes: large.length };
    assert.equal(await opened.parts.missing(owner, blob), 'complete');
    const first = large.subarray(0, limits.contentChunkBytes);
    assert.equal(await opened.parts.write(owner, blob, 0, first), 'complete');
  });

  test('a transfer of other bytes never appears', async t => {
    const { store, parts } = await open(t);
    const blob = { sha256: digest(large), sizeBytes: page.length, mediaType: 'application/pdf' };
    await assert.rejects(parts.write(owner, blob, 0, page), { code: 'sync.content-mismatch' });
    assert.equal(await store.has(blob.sha256), false);
    const brought = store.take(blob, write => write(page));
    await assert.rejects(brought, { code: 'sync.content-mismatch' });
    assert.equal(await store.has(blob.sha256), false);
  });

  test('what is brought piece by piece appears when it is exactly what was named', async t => {
    const { store } = await open(t);
    const blob = { sha256: digest(large), sizeBytes: large.length, mediaType: 'application/pdf' };
    await store.take(blob, async write => {
      for (let at = 0; at < large.length; at += 700_000) await write(large.subarray(at, at + 700_000));
    });
    assert.deepEqual(await store.get(blob.sha256), large);
  });

  test('a damaged blob is set aside: it is here no more, and is remembered', async t => {
    const { store, spoil } = await open(t);
    const { sha256 } = await store.put(page, 'image/jpeg');
    await spoil(nameOf(sha256));
    assert.deepEqual(await store.aside(), []);
    await store.setAside(sha256);
    assert.equal(await store.has(sha256), false);
    assert.deepEqual(await store.aside(), [sha256]);
    await store.put(page, 'image/jpeg');
    assert.deepEqual(await store.get(sha256), page);
  });

  test('the same bytes at the same time are one blob', async t => {
    const { store } = await open(t);
    await Promise.all(Array.from({ length: 8 }, () => store.put(large, 'application/pdf')));
    assert.deepEqual(await store.get(digest(large)), large);
  });

  test('lists what is there, and nothing that is under way', async t => {
    const { store, parts } = await open(t);
    const names = [await store.put(page, 'image/jpeg'), await store.put(large, 'application/pdf')];
    const half = randomBytes(2 * limits.contentChunkBytes);
    const begun = { sha256: digest(half), sizeBytes: half.length };
    assert.equal(await parts.write(owner, begun, 0, half.subarray(0, limits.contentChunkBytes)), 'part');
    const listed = await digestsOf(store);
    assert.deepEqual(listed, names.map(({ sha256 }) => sha256).sort());
  });

  test('says when there is none, and when it was removed', async t => {
    const { store } = await open(t);
    const { sha256 } = await store.put(page, 'image/jpeg');
    await store.remove(sha256);
    await store.remove(sha256);
    assert.deepEqual([await store.has(sha256), await store.sizeOf(sha256)], [false, undefined]);
    await assert.rejects(store.get(sha256), { code: 'journal.blob-missing' });
    await assert.rejects(store.read(sha256).toArray());
  });

  test('finds bytes that rotted, and gets well when they are stored anew', async t => {
    const { store, spoil } = await open(t);
    const { sha256 } = await store.put(page, 'image/jpeg');
    await spoil(nameOf(sha256));
    await assert.rejects(store.get(sha256), { code: 'journal.blob-corrupt' });
    await store.put(page, 'image/jpeg');
    assert.deepEqual(await store.get(sha256), page);
  });

  test('refuses an empty page, and names that are no digests', async t => {
    const { store } = await open(t);
    await assert.rejects(store.put(new Uint8Array(), 'image/jpeg'), { code: 'capture.empty' });
    const refused = { code: 'internal.bad-request' };
    for (const name of ['../../secret', 'A'.repeat(64), '', `${'a'.repeat(64)}?x`]) {
      await assert.rejects(store.get(name), refused);
      await assert.rejects(store.has(name), refused);
      assert.throws(() => store.read(name), refused);
    }
  });
}

describe('content in a folder', () => {
  blobStoreContract(async t => {
    const dir = await folder(t);
    const again = () => openBlobStore(dir, { isShared: true });
    const spoil = async (name: string) => {
      await chmod(join(dir, name), 0o600);
      const bytes = await readFile(join(dir, name));
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      await writeFile(join(dir, name), bytes);
    };
    const store = await again();
    return { store, parts: await openPartStore(join(dir, 'part'), store), again, spoil };
  });
});

describe('content in an S3 store', () => {
  async function openS3(t: TestContext, change: { secretKey?: string; bucket?: string } = {}) {
    const server = await startS3Server(await identityOf(network, 's3', 'tls-server'));
    t.after(() => server.close());
    const proxy = await startTcpProxy(server.port);
    t.after(() => proxy.close());
    const { accessKey, secretKey, region, bucket, objects } = server;
    const options = {
      ...{ accessKey, region, secretKey: change.secretKey ?? secretKey },
      url: `https://127.0.0.1:${proxy.port}/${change.bucket ?? bucket}`,
      ...{ ca: network.certificate, timeoutMs: 2000, clock: systemClock },
    };
    const again = async () => openS3BlobStore(s3Line(options), await folder(t));
    const spoil = async (name: string) => {
      const bytes = Buffer.from(objects.get(name) ?? '');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      objects.set(name, bytes);
    };
    const store = await again();
    const parts = await openPartStore(join(await folder(t), 'part'), store);
    return { server, proxy, store, parts, again, spoil };
  }
  blobStoreContract(openS3);

  test('a line that breaks on the way up leaves nothing behind, and the transfer goes on after it', async t => {
    const { server, store, parts } = await openS3(t);
    const blob = { sha256: digest(large), sizeBytes: large.length };
    server.breakUploads(true);
    await assert.rejects(parts.write(owner, blob, 0, large), { code: 'internal.content-away' });
    assert.deepEqual([...server.objects.keys()], []);
    server.breakUploads(false);
    assert.equal(await store.has(blob.sha256), false);
    assert.equal(await parts.missing(owner, blob), 'complete');
    assert.deepEqual(await store.get(blob.sha256), large);
  });

  test('a line that breaks on the way down gives no half', async t => {
    const { proxy, store } = await openS3(t);
    const { sha256 } = await store.put(large, 'application/pdf');
    proxy.cutAfter(1_500_000);
    await assert.rejects(store.get(sha256), { code: 'internal.content-away' });
    assert.deepEqual(await store.get(sha256), large);
  });

  test('a store that is away or overloaded is told as such, and is used again', async t => {
    const { server, proxy, store } = await openS3(t);
    const { sha256 } = await store.put(page, 'image/jpeg');
    const fault = { code: 'internal.content-away' };
    server.overload(true);
    await assert.rejects(store.get(sha256), fault);
    await assert.rejects(store.put(page, 'image/jpeg'), fault);
    server.overload(false);
    proxy.stall(true);
    await assert.rejects(store.has(sha256), fault);
    proxy.stall(false);
    proxy.target = undefined;
    proxy.cut();
    await assert.rejects(store.has(sha256), fault);
    proxy.target = server.port;
    assert.deepEqual(await store.get(sha256), page);
  });

  test('lists more than one answer holds, and passes over what is not ours', async t => {
    const { server, store } = await openS3(t);
    const ours = Array.from({ length: 1500 }, (_, n) => digest(Buffer.from(String(n))));
    for (const sha256 of ours) server.objects.set(nameOf(sha256), page);
    for (const key of ['ab/*(odd) & key', 'zz/last']) server.objects.set(key, page);
    assert.deepEqual(await digestsOf(store), ours.sort());
  });

  test('wrong keys and a bucket that is not there are refused at the start', async t => {
    for (const change of [{ secretKey: 'wrong' }, { bucket: 'nowhere' }])
      await assert.rejects(openS3(t, change), { code: 'setup.bad-configuration' });
  });

  test('bytes that rot before they go up are refused by the store itself', async t => {
    const { server, proxy } = await openS3(t);
    const { accessKey, secretKey, region, bucket } = server;
    const line = s3Line({
      ...{ accessKey, secretKey, region, url: `https://127.0.0.1:${proxy.port}/${bucket}` },
      ...{ ca: network.certificate, timeoutMs: 2000, clock: systemClock },
    });
    const body = {
      sha256: digest(page),
      sizeBytes: page.length,
      open: () => Readable.from([Buffer.alloc(16)]),
    };
    await assert.rejects(line.put(nameOf(body.sha256), body), { code: 'journal.blob-corrupt' });
    assert.equal(server.objects.size, 0);
  });
});
