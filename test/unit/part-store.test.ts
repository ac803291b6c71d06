import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type BlobStore, openBlobStore } from '../../platform/blob-store.ts';
import { openPartStore, type PartStore } from '../../platform/part-store.ts';
import { limits } from '../../protocol/limits.ts';

const chunk = limits.contentChunkBytes;
const large = randomBytes(5 * chunk + 100);
const sha256 = createHash('sha256').update(large).digest('hex');
const blob = { sha256, sizeBytes: large.length };
const whole = [{ start: 0, end: large.length - 1 }];

let root: string;
let blobs: BlobStore;
let parts: PartStore;
let folder: string;
let made = 0;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'okno-parts-'));
});
after(() => rm(root, { recursive: true }));
beforeEach(async () => {
  const dir = join(root, String(++made));
  folder = join(dir, 'part');
  blobs = await openBlobStore(dir);
  parts = await openPartStore(folder, blobs);
});

/** Chunks `from` up to but not with `to`. */
const write = (from: number, to: number, owner = 'box') =>
  parts.write(owner, blob, from * chunk, large.subarray(from * chunk, to * chunk));

describe('ranges', () => {
  test('come in any order, also after a restart, and the blob appears only when whole', async () => {
    assert.deepEqual(await parts.missing('box', blob), whole);
    assert.equal(await write(4, 6), 'part');
    assert.equal(await write(1, 2), 'part');
    parts = await openPartStore(folder, blobs);
    assert.deepEqual(await parts.missing('box', blob), [
      { start: 0, end: chunk - 1 },
      { start: 2 * chunk, end: 4 * chunk - 1 },
    ]);
    assert.equal(await blobs.has(sha256), false);
    assert.equal(await write(2, 4), 'part');
    assert.equal(await write(0, 1), 'complete');
    assert.deepEqual(await blobs.get(sha256), large);
    assert.deepEqual(await readdir(join(folder, 'box')), []);
    assert.equal(await write(0, 1), 'complete');
    assert.equal(await parts.missing('box', blob), 'complete');
  });

  test('F02 bring a blob again that a fault of the disk made shorter; a sound one of another size stays', async () => {
    await blobs.put(large, 'application/octet-stream');
    const path = join(folder, '..', sha256.slice(0, 2), sha256);
    const other = { sha256, sizeBytes: large.length + 1 };
    await assert.rejects(parts.missing('box', other), { code: 'sync.bad-range' });
    assert.deepEqual(await blobs.get(sha256), large);
    await rm(path);
    await writeFile(path, large.subarray(0, 100));
    assert.deepEqual(await parts.missing('box', blob), whole);
    assert.equal(await write(0, 6), 'complete');
    assert.deepEqual(await blobs.get(sha256), large);
    assert.deepEqual(await blobs.aside(), [sha256]);
  });

  test('that come twice, or all at once, are taken once', async () => {
    assert.equal(await write(0, 3), 'part');
    assert.equal(await write(1, 2), 'part');
    const outcomes = await Promise.all([0, 1, 2, 3, 4, 5, 5, 4, 3].map(at => write(at, at + 1)));
    assert.ok(outcomes.includes('complete'));
    assert.deepEqual(await blobs.get(sha256), large);
  });

  test('off the chunks or beyond the end are refused and change nothing', async () => {
    const refused = { code: 'sync.bad-range' };
    await write(0, 1);
    const put = (start: number, length: number, sizeBytes = large.length) =>
      parts.write('box', { sha256, sizeBytes }, start, Buffer.alloc(length));
    await assert.rejects(put(chunk / 2, chunk), refused);
    await assert.rejects(put(chunk, chunk - 1), refused);
    await assert.rejects(put(5 * chunk, chunk), refused);
    await assert.rejects(put(6 * chunk, 10), refused);
    await assert.rejects(put(-chunk, chunk), refused);
    await assert.rejects(put(0, 0), refused);
    await assert.rejects(put(0, chunk, limits.packageBytes + 1), refused);
    assert.deepEqual(await parts.missing('box', blob), [{ start: chunk, end: large.length - 1 }]);
  });

  test('of a blob of another length begin it anew; when the blob is here they are refused', async () => {
    await write(0, 2);
    const wrong = { sha256, sizeBytes: 2 * chunk };
    await parts.write('box', wrong, 0, large.subarray(0, chunk));
    assert.deepEqual(await parts.missing('box', blob), whole);
    assert.equal(await write(0, 6), 'complete');
    await assert.rejects(parts.missing('box', wrong), { code: 'sync.bad-range' });
  });

  test('F18 of other bytes are all forgotten, to be sent anew', async () => {
    await parts.write('box', blob, 0, Buffer.alloc(chunk));
    await assert.rejects(write(1, 6), { code: 'sync.content-mismatch' });
    assert.equal(await blobs.has(sha256), false);
    assert.deepEqual(await parts.missing('box', blob), whole);
    assert.equal(await write(0, 6), 'complete');
  });

  test('of one box never stand in the way of another one', async () => {
    await parts.write('liar', blob, 0, Buffer.alloc(chunk));
    assert.equal(await write(0, 1), 'part');
    assert.equal(await write(1, 6), 'complete');
    assert.equal(await parts.missing('liar', blob), 'complete');
    assert.deepEqual(await readdir(join(folder, 'liar')), []);
  });
});

describe('F01 a power cut', () => {
  const path = () => join(folder, 'box', sha256);

  test('between the last byte and the name: the blob is there when somebody asks', async () => {
    await write(0, 5);
    await writeFile(path(), large);
    await writeFile(`${path()}.map`, Buffer.alloc(6, 1));
    assert.equal(await parts.missing('box', blob), 'complete');
    assert.deepEqual(await blobs.get(sha256), large);
  });

  test('that left a map which promises too much: the digest finds it', async () => {
    await write(0, 5);
    await writeFile(`${path()}.map`, Buffer.alloc(6, 1));
    assert.deepEqual(await parts.missing('box', blob), whole);
    assert.equal(await write(0, 6), 'complete');
  });

  test('that left one of the two files, or half of one: the part is begun anew', async () => {
    const harms = [
      () => rm(path()),
      () => rm(`${path()}.map`),
      () => truncate(path(), 0),
      () => truncate(`${path()}.map`, 1),
    ];
    for (const harm of harms) {
      await write(0, 2);
      await harm();
      assert.deepEqual(await parts.missing('box', blob), whole);
      assert.equal(await write(2, 3), 'part');
      assert.deepEqual(await readFile(`${path()}.map`), Buffer.from([0, 0, 1, 0, 0, 0]));
    }
  });
});

test('a box cannot fill the disk with what it does not finish', async () => {
  parts = await openPartStore(folder, blobs, { unfinishedBytes: large.length + 1000 });
  await write(0, 1);
  const other = { sha256: '0'.repeat(64), sizeBytes: chunk };
  const second = () => parts.write('box', { ...other, sizeBytes: 2 * chunk }, 0, Buffer.alloc(chunk));
  await assert.rejects(second(), { code: 'sync.too-much-unfinished' });
  assert.equal(await write(1, 2, 'another-box'), 'part');
  assert.equal(await write(1, 6), 'complete');
  assert.equal(await second(), 'part');
});

test('a part that nobody goes on with is forgotten', async () => {
  await write(0, 1);
  const longAgo = new Date(Date.now() - limits.unfinishedMs - 1000);
  await utimes(join(folder, 'box', `${sha256}.map`), longAgo, longAgo);
  await openPartStore(folder, blobs);
  assert.deepEqual(await readdir(join(folder, 'box')), []);
});

test('nobody else may read parts, and no name leads out of the folder', async () => {
  await write(0, 1);
  for (const each of [folder, join(folder, 'box'), join(folder, 'box', sha256)])
    assert.equal((await stat(each)).mode & 0o077, 0, each);
  const refused = { code: 'internal.bad-request' };
  for (const name of ['../../secret', `${'a'.repeat(62)}/..`, ''])
    await assert.rejects(parts.missing('box', { sha256: name, sizeBytes: 1 }), refused);
  for (const owner of ['..', 'a/b', '']) await assert.rejects(parts.missing(owner, blob), refused);
});
