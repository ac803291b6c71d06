import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chunksOf } from '../../protocol/content.ts';
import { limits } from '../../protocol/limits.ts';
import type { Blob } from '../../protocol/values.ts';
import { blobOf, factNaming, plainFact } from '../fixtures/books.ts';
import { folder, layLine, startBox, startCentre, synced, until } from './sync-setting.ts';

type Way = 'https' | 'mqtt';

const mediaType = 'application/octet-stream';
const mebibyte = 1024 * 1024;

/** `road` is the line that content takes. */
async function setting(t: TestContext, way: Way, options: { requestTimeoutMs?: number } = {}) {
  const [centreDir, boxDir] = [await folder(t), await folder(t)];
  const centre = await startCentre(t, centreDir);
  const line = await layLine(t, centre);
  const box = await startBox(t, boxDir, line, { ...options, ways: [way] });
  const road = way === 'https' ? line.content : line.contentMessages;
  return { centre, line, road, box, centreDir, boxDir };
}

const resultOf = (result: Blob) => ({
  type: 'case.result' as const,
  body: { caseId: randomUUID(), result, saidAt: new Date().toISOString() },
});

function contract(way: Way): void {
  test('F15 an upload that is cut again and again goes on where it was, and arrives equal', async t => {
    const { centre, road, box } = await setting(t, way);
    const bytes = randomBytes(10 * mebibyte);
    const content = await box.blobs.put(bytes, mediaType);
    await box.journal.commit([factNaming(content), plainFact()]);
    road.cutAfter(2.5 * mebibyte);
    box.link.start();
    for (const share of [3.2, 2.4, 1.3]) {
      const before = road.carriedBytes();
      await until('progress', () => road.carriedBytes() > before + 0.5 * mebibyte || box.journal.unsentCount() === 0); // biome-ignore format: one line
      road.cutAfter(share * mebibyte);
    }
    await synced(box);
    assert.ok(bytes.equals(await centre.blobs.get(content.sha256)));
    const carried = road.carriedBytes();
    assert.ok(carried < 17 * mebibyte, `${carried} bytes for ${bytes.length}: it began from the start`);
  });

  test('F18 content spoilt on the way does not get in and is sent again', async t => {
    const { centre, road, box } = await setting(t, way);
    const content = await box.blobs.put(randomBytes(3 * mebibyte), mediaType);
    road.corruptAfter(1.5 * mebibyte);
    await box.journal.commit([factNaming(content)]);
    box.link.start();
    await synced(box);
    assert.equal((await centre.blobs.get(content.sha256)).length, content.sizeBytes);
  });

  test('F01 a centre killed between the last byte and the name of the file gives it its name when the box asks', async t => {
    const { centre, box, centreDir } = await setting(t, way);
    for (const size of [2 * mebibyte, 4321]) {
      const content = await box.blobs.put(randomBytes(size), mediaType);
      const part = join(centreDir, 'blobs/part/mfc-041', content.sha256);
      await mkdir(dirname(part), { recursive: true });
      await writeFile(part, await box.blobs.get(content.sha256));
      await writeFile(`${part}.map`, Buffer.alloc(chunksOf(size), 1));
      await box.content.upload(content);
      assert.ok(await centre.ledger.hasContent(content.sha256));
    }
  });

  test('F01 a box killed between the last byte and the name of the file fetches the content anew', async t => {
    const { centre, box, boxDir } = await setting(t, way);
    const content = await centre.blobs.put(randomBytes(4321), mediaType);
    await centre.tell('mfc-041', resultOf(content));
    const part = join(boxDir, 'box-blobs/part/centre', content.sha256);
    await mkdir(dirname(part), { recursive: true });
    await writeFile(part, randomBytes(4321));
    await writeFile(`${part}.map`, Buffer.from([1]));
    await box.content.download(content);
    assert.ok(await box.blobs.has(content.sha256));
  });

  test('F15 a download that is cut again and again goes on where it was, and arrives equal', async t => {
    const { centre, road, box } = await setting(t, way);
    const bytes = randomBytes(8 * mebibyte);
    const result = await centre.blobs.put(bytes, mediaType);
    box.link.start();
    road.cutAfter(2.5 * mebibyte);
    await centre.tell('mfc-041', resultOf(result));
    await until('the first cut', () => road.carriedBytes() > 2.5 * mebibyte);
    road.corruptAfter(2.2 * mebibyte);
    await until('the result', async () => box.journal.head() === 1);
    assert.ok(bytes.equals(await box.blobs.get(result.sha256)));
    assert.ok(road.carriedBytes() < 13 * mebibyte, 'it began from the start');
  });

  test('content that is gone from the box is no reason to hold up what is there', async t => {
    const { centre, box } = await setting(t, way);
    const gone: Blob = blobOf(randomBytes(100));
    const there = await box.blobs.put(randomBytes(100), mediaType);
    await box.journal.commit([factNaming(gone), factNaming(there), plainFact()]);
    box.link.start();
    await until('the other content', async () => await centre.ledger.hasContent(there.sha256));
    await until('facts stored', async () => (await centre.ledger.journals('mfc-041'))[0]?.stored === 3);
    assert.equal(box.journal.receiptedUpTo(), 0);
  });

  test('F18 a centre that is killed and comes back keeps the ranges that it has answered for', async t => {
    const { centre, line, road, box, centreDir } = await setting(t, way);
    const content = await box.blobs.put(randomBytes(8 * mebibyte), mediaType);
    await box.journal.commit([factNaming(content)]);
    box.link.start();
    await until('half of it', () => road.carriedBytes() > 5 * mebibyte);
    line.lead(undefined);
    road.cut();
    await centre.stop();
    const carried = road.carriedBytes();
    const next = await startCentre(t, centreDir);
    line.lead(next);
    await synced(box);
    assert.equal((await next.blobs.get(content.sha256)).length, content.sizeBytes);
    const again = road.carriedBytes() - carried;
    assert.ok(again < 6.5 * mebibyte, `${again} bytes again: it began from the start`);
  });

  test('F01 a box that is killed goes on with what the centre has', async t => {
    const { centre, line, road, box, boxDir } = await setting(t, way);
    const content = await box.blobs.put(randomBytes(8 * mebibyte), mediaType);
    await box.journal.commit([factNaming(content)]);
    box.link.start();
    await until('half of it', () => road.carriedBytes() > 5 * mebibyte);
    await box.stop();
    const carried = road.carriedBytes();
    const next = await startBox(t, boxDir, line, { ways: [way] });
    next.link.start();
    await synced(next);
    assert.ok(await centre.ledger.hasContent(content.sha256));
    const again = road.carriedBytes() - carried;
    assert.ok(again < 6.5 * mebibyte, `${again} bytes again: it began from the start`);
  });

  test('two boxes that bring the same content at once, and one that brings it twice, are all right', async t => {
    const { centre, line, box } = await setting(t, way);
    const other = await startBox(t, await folder(t), line, { box: 'mfc-042', ways: [way] });
    const bytes = randomBytes(2 * mebibyte + 17);
    const content = await box.blobs.put(bytes, mediaType);
    await other.blobs.put(bytes, mediaType);
    await Promise.all([box, box, other].map(each => each.content.upload(content)));
    assert.ok(bytes.equals(await centre.blobs.get(content.sha256)));
    await box.content.upload(content);
  });

  test('content beyond what a box may leave unfinished waits for its turn', async t => {
    const { centre, centreDir, box } = await setting(t, way);
    // A sparse part that takes all there is.
    const other = join(centreDir, 'blobs/part', box.box, 'f'.repeat(64));
    await mkdir(dirname(other), { recursive: true });
    await writeFile(other, '');
    await truncate(other, limits.unfinishedBytes);
    const content = await box.blobs.put(randomBytes(100_000), mediaType);
    const arrives = box.content.upload(content);
    assert.equal(await Promise.race([arrives, sleep(300, 'waits')]), 'waits');
    assert.equal(await centre.blobs.has(content.sha256), false);
    await rm(other);
    await arrives;
    assert.ok(await centre.ledger.hasContent(content.sha256));
  });

  test('LED-3.21 a box does not get content that it was not told of', async t => {
    const { centre, line, box } = await setting(t, way);
    const other = await startBox(t, await folder(t), line, { box: 'mfc-042', ways: [way] });
    const secret = await centre.blobs.put(randomBytes(5000), mediaType);
    await centre.tell('mfc-041', resultOf(secret));
    await box.content.download(secret);
    assert.equal(await Promise.race([other.content.download(secret), sleep(300, 'waits')]), 'waits');
    assert.equal(await other.blobs.has(secret.sha256), false);
  });
}

for (const way of ['https', 'mqtt'] as const) describe(`content over ${way}`, () => contract(way));

test('F20 a connection that lets nothing through while others do is given up, and the content goes on beside it', async t => {
  const { centre, road, box } = await setting(t, 'https', { requestTimeoutMs: 3_600_000 });
  const bytes = randomBytes(6 * mebibyte);
  const content = await box.blobs.put(bytes, mediaType);
  road.delay(20);
  const arrives = box.content.upload(content);
  await until('the transfer is under way', () => road.carriedBytes() > mebibyte);
  road.freezeBusiest();
  await arrives;
  assert.ok(bytes.equals(await centre.blobs.get(content.sha256)));
});
