import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type BlobStore, openBlobStore } from '../../platform/blob-store.ts';
import { limits } from '../../protocol/limits.ts';

let root: string;
let folder: string;
let store: BlobStore;
let made = 0;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'okno-blobs-'));
});
after(() => rm(root, { recursive: true }));
beforeEach(async () => {
  folder = join(root, String(++made));
  store = await openBlobStore(folder);
});

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);
/** Every digest that lies in the folder. */
async function listBlobs(): Promise<string[]> {
  const shards = (await readdir(folder)).filter(name => name.length === 2);
  return (await Promise.all(shards.map(shard => readdir(join(folder, shard))))).flat();
}
const page = Buffer.from('страница');
const large = randomBytes(300_000);

describe('storing', () => {
  test('names bytes by their digest and gives them back', async () => {
    const blob = await store.put(page, 'image/jpeg');
    assert.deepEqual(blob, { sha256: digest(page), sizeBytes: page.length, mediaType: 'image/jpeg' });
    assert.deepEqual(await store.get(blob.sha256), page);
    assert.equal(await store.sizeOf(blob.sha256), page.length);
    assert.deepEqual(await (await openBlobStore(folder)).get(blob.sha256), page);
  });

  test('keeps the same bytes once, also when they come at the same time', async () => {
    await Promise.all(Array.from({ length: 8 }, () => store.put(large, 'application/pdf')));
    await store.put(large, 'application/pdf');
    assert.deepEqual(await listBlobs(), [digest(large)]);
    assert.deepEqual(await store.get(digest(large)), large);
    assert.deepEqual(await readdir(join(folder, 'tmp')), []);
  });

  test('refuses nothing but an empty page', async () => {
    await assert.rejects(store.put(new Uint8Array(), 'image/jpeg'), { code: 'capture.empty' });
  });

  test('F01 forgets what a power cut left half written', async () => {
    await writeFile(join(folder, 'tmp', 'half'), page);
    store = await openBlobStore(folder);
    assert.deepEqual(await readdir(join(folder, 'tmp')), []);
    assert.deepEqual(await listBlobs(), []);
  });

  test('F04 leaves no half behind when it cannot store', async () => {
    // A folder where the file should be.
    await mkdir(pathOf(digest(page)), { recursive: true });
    await assert.rejects(store.put(page, 'image/jpeg'));
    assert.deepEqual(await readdir(join(folder, 'tmp')), []);
  });

  test('lets nobody else read pages and parts', async () => {
    await store.put(page, 'image/jpeg');
    await store.append(digest(large), 0, large.length, large.subarray(0, 10));
    const paths = [pathOf(digest(page)), join(folder, 'part', digest(large)), join(folder, 'part')];
    for (const path of paths) assert.equal((await stat(path)).mode & 0o077, 0, path);
  });
});

describe('reading', () => {
  async function damage(): Promise<string> {
    const { sha256 } = await store.put(page, 'image/jpeg');
    await chmod(pathOf(sha256), 0o600);
    await writeFile(pathOf(sha256), Buffer.alloc(page.length));
    return sha256;
  }

  test('finds a blob that changed on the disk', async () => {
    await assert.rejects(store.get(await damage()), { code: 'journal.blob-corrupt' });
  });

  test('gets well again when the same bytes are stored anew', async () => {
    const sha256 = await damage();
    await store.put(page, 'image/jpeg');
    assert.deepEqual(await store.get(sha256), page);
  });

  test('says when there is none', async () => {
    const sha256 = digest(page);
    await assert.rejects(store.get(sha256), { code: 'journal.blob-missing' });
    assert.deepEqual([await store.has(sha256), await store.sizeOf(sha256)], [false, undefined]);
    await assert.rejects(store.read(sha256).toArray());
  });

  test('gives a part of it', async () => {
    const { sha256 } = await store.put(large, 'application/pdf');
    const part = Buffer.concat(await store.read(sha256, { start: 1000, end: 1999 }).toArray());
    assert.deepEqual(part, large.subarray(1000, 2000));
  });

  test('takes only digests for names: no way out of the folder', async () => {
    await mkdir(join(root, 'secret'), { recursive: true });
    const refused = { code: 'internal.bad-request' };
    for (const name of ['../../secret', `${'a'.repeat(62)}/..`, 'A'.repeat(64), '', `${'a'.repeat(64)}\0`]) {
      await assert.rejects(store.get(name), refused);
      await assert.rejects(store.has(name), refused);
      await assert.rejects(store.partSize(name), refused);
      await assert.rejects(store.append(name, 0, 3, Buffer.from('abc')), refused);
      await assert.rejects(store.dropPart(name), refused);
      assert.throws(() => store.read(name), refused);
    }
  });
});

describe('a transfer', () => {
  const sha256 = digest(large);
  const append = (start: number, end: number) =>
    store.append(sha256, start, large.length, large.subarray(start, end));

  test('goes on where it was, also after a restart, and appears only when whole', async () => {
    assert.equal(await append(0, 100_000), 'part');
    assert.equal(await store.has(sha256), false);
    store = await openBlobStore(folder);
    assert.equal(await store.partSize(sha256), 100_000);
    assert.equal(await append(100_000, large.length), 'complete');
    assert.deepEqual(await store.get(sha256), large);
    assert.equal(await store.partSize(sha256), 0);
    assert.equal(await append(0, 100), 'complete');
  });

  test('refuses a range that does not follow, or leads beyond the end', async () => {
    await append(0, 100);
    const refused = { code: 'sync.bad-range' };
    await assert.rejects(append(50, 200), refused);
    await assert.rejects(append(200, 300), refused);
    await assert.rejects(store.append(sha256, 100, 150, large.subarray(100, 200)), refused);
    await assert.rejects(store.append(sha256, 100, limits.packageBytes + 1, large), refused);
    assert.equal(await store.partSize(sha256), 100);
  });

  test('of other bytes is dropped, to be sent anew', async () => {
    const wrong = Buffer.alloc(large.length);
    await assert.rejects(store.append(sha256, 0, wrong.length, wrong), { code: 'sync.content-mismatch' });
    assert.deepEqual([await store.partSize(sha256), await store.has(sha256)], [0, false]);
    assert.equal(await append(0, large.length), 'complete');
  });

  test('that comes twice at once is taken once', async () => {
    const ranges = [0, 100_000, 200_000].flatMap(start => [start, start]);
    const outcomes = await Promise.allSettled(ranges.map(start => append(start, start + 100_000)));
    assert.deepEqual(await store.get(sha256), large);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'sync.bad-range');
    assert.ok(outcomes.some(outcome => outcome.status === 'fulfilled' && outcome.value === 'complete'));
  });

  test('can be forgotten while a range arrives, and begun again', async () => {
    await append(0, 100);
    await Promise.all([append(100, 200), store.dropPart(sha256)]);
    assert.equal(await store.partSize(sha256), 0);
    assert.equal(await append(0, large.length), 'complete');
  });
});
