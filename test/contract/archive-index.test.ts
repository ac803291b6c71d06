import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startArchiveIndex } from '../../central/archive/archive-index.ts';
import { openTextIndex } from '../../platform/text-index/open-text-index.ts';
import { silentLog } from '../fixtures/books.ts';
import { agency, inState, pdfOf, type Relaying, sendCase, startRelaying } from './relay-setting.ts';
import { folder, until } from './sync-setting.ts';

function startIndex(t: TestContext, { storage, blobs, registers }: Relaying, path: string) {
  const archive = startArchiveIndex({
    ...{ storage, blobs, register: registers.current },
    index: openTextIndex(path, silentLog),
    ...{ timeZone: 'Europe/Moscow', log: silentLog },
  });
  t.after(() => archive.stop());
  const found = async (query: string) => (await archive.search(query, {})).hits;
  return { ...archive, found };
}

test('LED-3.10 what the centre archives is found by its text, with its case, its kind and its page', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const index = startIndex(t, centre, join(await folder(t), 'text-index.db'));
  const sent = await sendCase(centre, { pdf: await pdfOf(['Statement of Testov', 'Lease 54:35:101']) });
  await sent.deliver(centre);
  await inState(centre, sent, 'result-ready');
  index.kick();
  await until('the package is found', async () => (await index.found('leases')).length > 0);
  const [hit] = await index.found('lease');
  assert.equal(hit?.caseId, sent.caseId);
  assert.equal(hit?.caseNumber, sent.number);
  assert.equal(hit?.documentId, sent.documentId);
  assert.equal(hit?.page, 1);
  assert.match(hit?.title.ru ?? '', /Заявление/);
  assert.match(hit?.snippet ?? '', /\[Lease\]/);
  // The agency's answer names the case.
  await until('the result is found', async () => (await index.found('решение')).length > 0);
  assert.equal((await index.found('решение'))[0]?.title.en, 'Result of the agency');
  assert.deepEqual(await index.found('position package'), []);
  assert.deepEqual((await index.search('lease', { to: '2001-01-01' })).hits, []);
});

test('F02 a lost index begins anew, and a package that cannot be read keeps no other one out', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const cases = [];
  for (const name of ['Firstov', 'Secondov']) {
    const sent = await sendCase(centre, { pdf: await pdfOf([`Statement of ${name}`]) });
    await sent.deliver(centre);
    await inState(centre, sent, 'result-ready');
    cases.push(sent);
  }
  const path = join(await folder(t), 'text-index.db');
  const before = startIndex(t, centre, path);
  await until('both are found', async () => (await before.found('statement')).length === 2);
  await before.stop();

  await writeFile(path, Buffer.alloc(40_000, 7));
  await centre.blobs.remove(cases[0]?.sha256 ?? '');
  const after = startIndex(t, centre, path);
  await until('the other one is found', async () => {
    after.kick();
    return (await after.found('statement')).length === 1;
  });
  assert.equal((await after.found('statement'))[0]?.caseId, cases[1]?.caseId);
});

test('events of earlier versions, which do not name their content, are found all the same', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const sent = await sendCase(centre, { pdf: await pdfOf(['Statement of Testov']) });
  await sent.deliver(centre);
  await inState(centre, sent, 'result-ready');
  await centre.storage.query.updateTable('case_events').set({ content: null }).execute();
  const index = startIndex(t, centre, join(await folder(t), 'text-index.db'));
  await until('the package is found', async () => (await index.found('statement')).length > 0);
  await until('the result is found', async () => (await index.found('решение')).length > 0);
});

test('what happened while nothing listened is put in at the next start, once', async t => {
  const system = await agency(t);
  const centre = await startRelaying(t, await folder(t), system);
  const path = join(await folder(t), 'text-index.db');
  for (const name of ['Firstov', 'Secondov', 'Thirdov']) {
    const index = startIndex(t, centre, path);
    const sent = await sendCase(centre, { pdf: await pdfOf([`Statement of ${name}`]) });
    await index.stop();
    await sent.deliver(centre);
    await inState(centre, sent, 'result-ready');
  }
  const index = startIndex(t, centre, path);
  await until('all are found', async () => (await index.found('statement')).length === 3);
});
