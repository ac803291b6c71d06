import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { branch, desk, me, readyCase, start } from './case-setting.ts';

const path = () => join(branch.dir, 'text-index.db');
const found = async (query: string) => {
  await desk().index.catchUp();
  return (await desk().index.search(query, {}, 10)).map(hit => hit.documentId).sort();
};

test('a recognised document is found, and one that was thrown away is not', async () => {
  await start();
  const { caseId, documents } = await readyCase();
  const [documentId = ''] = documents;
  assert.ok((await found('заявления')).includes(documentId));
  assert.deepEqual(await desk().index.search('заявления', { caseId: 'another' }, 10), []);
  assert.ok((await desk().index.search('заявления', { caseId }, 10)).length > 0);
  await desk().documents.discard(me, documentId);
  assert.ok(!(await found('заявления')).includes(documentId));
});

test('F02 an index that a power cut left behind is brought up to date at the next start', async () => {
  await start();
  await readyCase();
  const before = await found('заявления');
  assert.ok(before.length > 0);
  await branch.restart(async () => {
    for (const file of await readdir(branch.dir))
      if (file.startsWith('text-index.db')) await writeFile(join(branch.dir, file), '');
  });
  assert.deepEqual(await found('заявления'), before);
});

test('F02 a damaged index is thrown away and made anew', async () => {
  await start();
  await readyCase();
  const before = await found('заявления');
  await branch.restart(() => writeFile(path(), Buffer.alloc(40_000, 7)));
  // Several who find it damaged at the same moment take one file away.
  const search = () => desk().index.search('заявления', {}, 10);
  assert.deepEqual(await Promise.all([search(), search(), search()]), [[], [], []]);
  assert.deepEqual(await found('заявления'), before);
});

test('F02 an index that cannot be made anew costs the search, and the box goes on', async () => {
  await start();
  await readyCase();
  await branch.restart(async () => {
    await rm(path(), { force: true });
    await mkdir(path());
  });
  await assert.rejects(desk().index.search('заявления', {}, 10));
  await readyCase();
  await desk().index.catchUp();
});

test('the places of the words are told, in whatever form they stand there', async () => {
  await start();
  const { documents } = await readyCase();
  const [documentId = ''] = documents;
  const places = await desk().index.places(documentId, 'заявлению');
  assert.ok(places.length > 0);
  for (const { page, box } of places) {
    assert.equal(page, 0);
    assert.ok(box.width > 0 && box.x + box.width <= 1);
  }
  assert.deepEqual(await desk().index.places(documentId, 'нетакогослова'), []);
  await assert.rejects(desk().index.places('00000000-0000-4000-8000-000000000000', 'заявление'), {
    code: 'capture.unknown-document',
  });
});
