import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type BlobStore, openBlobStore } from '../../platform/blob-store.ts';

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

  test('lets nobody else read pages', async () => {
    await store.put(page, 'image/jpeg');
    assert.equal((await stat(pathOf(digest(page)))).mode & 0o077, 0);
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
      assert.throws(() => store.read(name), refused);
    }
  });
});

describe('taking content piece by piece', () => {
  const blob = { sha256: digest(large), sizeBytes: large.length, mediaType: 'application/pdf' };

  test('stores it when it is what was named', async () => {
    await store.take(blob, async write => {
      for (let at = 0; at < large.length; at += 7777) await write(large.subarray(at, at + 7777));
    });
    assert.deepEqual(await store.get(blob.sha256), large);
  });

  test('F18 stores nothing of other, fewer or more bytes, or of what broke off', async () => {
    const wrong = Buffer.alloc(large.length);
    await assert.rejects(
      store.take(blob, write => write(wrong)),
      { code: 'sync.content-mismatch' },
    );
    await assert.rejects(
      store.take(blob, write => write(large.subarray(1))),
      { code: 'sync.content-mismatch' },
    );
    await assert.rejects(
      store.take(blob, write => write(Buffer.concat([large, large]))),
      { code: 'internal.too-large' },
    );
    const broken = async (write: (bytes: Uint8Array) => Promise<void>) => {
      await write(large);
      throw new Error('line broke');
    };
    await assert.rejects(store.take(blob, broken), /line broke/);
    assert.equal(await store.has(blob.sha256), false);
    assert.deepEqual(await readdir(join(folder, 'tmp')), []);
  });
});
