import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { mendBlobs } from '../../device/sync/mend-blobs.ts';
import type { Blob } from '../../protocol/values.ts';
import { factNaming, silentLog } from '../fixtures/books.ts';
import { folder, layLine, startBox, startCentre, synced, until } from './sync-setting.ts';

const mediaType = 'application/octet-stream';

async function setting(t: TestContext) {
  const [centreDir, boxDir] = [await folder(t), await folder(t)];
  const centre = await startCentre(t, centreDir);
  const box = await startBox(t, boxDir, await layLine(t, centre));
  const mender = mendBlobs({ ...box, log: silentLog, onChange: () => {} });
  t.after(() => mender.stop());
  box.link.start();
  return { centre, box, mender, inCentre: join(centreDir, 'blobs'), onBox: join(boxDir, 'box-blobs') };
}

/** Flips one bit of a blob on the disk. */
async function damage(store: { get(sha256: string): Promise<Buffer> }, dir: string, { sha256 }: Blob) {
  const path = join(dir, sha256.slice(0, 2), sha256);
  const bytes = await store.get(sha256);
  bytes.writeUInt8(bytes.readUInt8(7) ^ 1, 7);
  await chmod(path, 0o600);
  await writeFile(path, bytes);
}

const resultOf = (result: Blob) => ({
  type: 'case.result' as const,
  body: { caseId: randomUUID(), result, saidAt: new Date().toISOString() },
});

test('a package and a result that rotted on the box are put aside and come again from the centre', async t => {
  const { centre, box, mender, onBox } = await setting(t);
  const sent = await box.blobs.put(randomBytes(50_000), mediaType);
  const sound = await box.blobs.put(randomBytes(1000), mediaType);
  await box.journal.commit([factNaming(sent)]);
  await synced(box);
  const result = await centre.blobs.put(randomBytes(40_000), mediaType);
  await centre.tell(box.box, resultOf(result));
  await until('the result', () => box.journal.head() === 2);
  await synced(box);
  await damage(box.blobs, onBox, sent);
  // One that a power cut left short.
  await chmod(join(onBox, result.sha256.slice(0, 2), result.sha256), 0o600);
  await truncate(join(onBox, result.sha256.slice(0, 2), result.sha256), 0);

  assert.deepEqual((await mender.round()).toSorted(), [sent.sha256, result.sha256].toSorted());
  await until('mended', () => !mender.hasDamage());
  for (const { sha256, sizeBytes } of [sent, result, sound])
    assert.equal((await box.blobs.get(sha256)).length, sizeBytes);
  assert.deepEqual(
    (await readdir(join(onBox, 'damaged'))).toSorted(),
    [sent.sha256, result.sha256].toSorted(),
  );
  assert.deepEqual(await mender.round(), []);
});

test('a page that rotted and lies nowhere else is never handed out, and the box says so, also after a restart', async t => {
  const { box, mender, onBox } = await setting(t);
  const page = await box.blobs.put(randomBytes(1000), mediaType);
  await damage(box.blobs, onBox, page);
  await mender.round();
  assert.ok(mender.hasDamage());
  await assert.rejects(box.blobs.get(page.sha256), { code: 'journal.blob-missing' });
  mender.stop();
  const again = mendBlobs({ ...box, log: silentLog, onChange: () => {} });
  t.after(() => again.stop());
  await until('told again', () => again.hasDamage());
});

test('content that rotted in the centre is told to the operators, and a box that holds it brings it again', async t => {
  const { centre, box, inCentre } = await setting(t);
  const bytes = randomBytes(60_000);
  const result = await centre.blobs.put(bytes, mediaType);
  await centre.tell(box.box, resultOf(result));
  await until('the result', () => box.journal.head() === 1);
  await damage(centre.blobs, inCentre, result);

  assert.deepEqual(await centre.scrub.round(), [result.sha256]);
  const [trouble] = await centre.troubles.newest(1);
  assert.equal(trouble?.code, 'journal.blob-corrupt');
  await until('mended', () => centre.blobs.has(result.sha256));
  assert.ok(bytes.equals(await centre.blobs.get(result.sha256)));
  assert.deepEqual(await centre.scrub.round(), []);
});
