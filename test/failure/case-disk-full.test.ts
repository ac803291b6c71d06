import assert from 'node:assert/strict';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
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
  start,
  view,
} from '../contract/case-setting.ts';
import { rightPin } from '../fixtures/branch.ts';
import { plainRecogniser } from '../fixtures/plain-recogniser.ts';
import { mountSmall } from '../fixtures/small-disk.ts';
import { until } from '../fixtures/until.ts';

/** A branch on a disk of its own, and a way to fill it to the last byte. */
async function onSmallDisk(t: TestContext, recogniser = plainRecogniser()) {
  const small = mountSmall(16 * 1024 * 1024);
  if (!small) return undefined;
  t.after(small.unmount);
  await start({ root: small.dir, recogniser });
  const filler = join(small.dir, 'filler');
  return {
    recogniser,
    empty: () => rmSync(filler, { force: true }),
    fill() {
      const { bavail, bsize } = statfsSync(small.dir);
      writeFileSync(filler, Buffer.alloc(bavail * bsize), { flag: 'a' });
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
  release();
  await until(() => disk.recogniser.inHand === 0);
  await assert.rejects(desk().blobs.put(Buffer.alloc(100_000, 1), 'image/jpeg'), {
    code: 'journal.disk-full',
  });
  assert.equal((await view(caseId)).documents[0]?.state, 'recognising');
  assert.equal(disk.recogniser.read, 1);
  disk.empty();
  await recognised(caseId);
  assert.equal((await view(caseId)).documents[0]?.state, 'ready');
  await branch.restart();
  assert.equal(count('document.recognised'), 1);
});
