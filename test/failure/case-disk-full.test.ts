import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  addPage,
  branch,
  count,
  desk,
  me,
  nextPage,
  openCase,
  recognised,
  required,
  seat,
  start,
  view,
} from '../contract/case-setting.ts';
import { rightPin } from '../fixtures/branch.ts';
import { plainRecogniser } from '../fixtures/plain-recogniser.ts';
import { mountSmall } from '../fixtures/small-disk.ts';
import { until } from '../fixtures/until.ts';

const diskBytes = 16 * 1024 ** 2;

/** A branch on a disk of its own, and a way to fill it to the last byte. */
async function onSmallDisk(t: TestContext, recogniser = plainRecogniser()) {
  const small = mountSmall(diskBytes);
  if (!small) return undefined;
  t.after(small.unmount);
  await start({ root: small.dir, recogniser });
  const filler = join(small.dir, 'filler');
  return {
    recogniser,
    empty: () => rmSync(filler, { force: true }),
    fill() {
      // What fits of it is written, whoever else writes meanwhile.
      assert.throws(() => writeFileSync(filler, Buffer.alloc(diskBytes), { flag: 'a' }), { code: 'ENOSPC' });
    },
  };
}

test('F04 a disk that is really full stops each step of a case with its code, loses nothing, and all goes on with room', async t => {
  const disk = await onSmallDisk(t);
  if (!disk) return t.skip('needs the right to mount');
  const caseId = await openCase();
  const onFullDisk = async (what: string, step: () => Promise<unknown>) => {
    disk.fill();
    await assert.rejects(step, { code: 'journal.disk-full' }, what);
    disk.empty();
  };
  for (const kind of required) {
    const page = await nextPage();
    await onFullDisk('a page', () => addPage(caseId, kind, page));
    await addPage(caseId, kind, page);
  }
  await recognised(caseId);
  await onFullDisk('the signatures', () => desk().cases.sign(me, caseId, rightPin));
  assert.equal(count('document.signed'), 0);
  await desk().cases.sign(me, caseId, rightPin);
  await onFullDisk('the package', () => desk().cases.send(me, caseId));
  assert.equal(count('case.sent'), 0);
  await desk().cases.send(me, caseId);
  assert.deepEqual([count('document.signed'), count('case.sent')], [3, 1]);
  assert.equal(desk().journal.verifyChain().facts, desk().journal.head());
});

test('F04 what was read while the disk is full waits for room, and the hall goes on', async t => {
  const disk = await onSmallDisk(t);
  if (!disk) return t.skip('needs the right to mount');
  const caseId = await openCase();
  await addPage(caseId, required[0] ?? '');
  const release = disk.recogniser.hold();
  desk().documents.recogniseWaiting();
  await until(() => disk.recogniser.inHand === 1);
  disk.fill();
  // Room that the database has left in its own files goes as well.
  const untilFull = async () => {
    for (;;) await seat();
  };
  await assert.rejects(untilFull(), { code: 'journal.disk-full' });
  release();
  await until(() => disk.recogniser.inHand === 0);
  await assert.rejects(desk().blobs.put(Buffer.alloc(100_000, 1), 'image/jpeg'), {
    code: 'journal.disk-full',
  });
  disk.empty();
  await recognised(caseId);
  // Where the word about the failure still fitted, the clerk tries again; else it went on by itself.
  const [document] = (await view(caseId)).documents;
  if (document?.state === 'failed') await desk().documents.recogniseAgain(document.documentId);
  await recognised(caseId);
  assert.equal((await view(caseId)).documents[0]?.state, 'ready');
  await branch.restart();
  assert.equal(count('document.recognised'), 1);
});
