import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { classify } from '../../device/capture/kinds/classify.ts';
import { pageOfText } from '../../device/capture/kinds/page-of-text.ts';
import { shippedRules } from '../../device/capture/kinds/rules.ts';
import { createRecognitions, type Recognition } from '../../device/cases/recognitions.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { kindTexts } from '../fixtures/kind-texts.ts';

/** Recognitions over a real store, and how often it was asked. */
async function recognitionsIn(t: { after(work: () => Promise<void>): void }) {
  const dir = await mkdtemp(join(tmpdir(), 'okno-recognitions-'));
  t.after(() => rm(dir, { recursive: true }));
  const blobs = await openBlobStore(dir);
  const counted = { reads: 0 };
  const get = (sha256: string) => {
    counted.reads++;
    return blobs.get(sha256);
  };
  const recognitions = createRecognitions({ ...blobs, get }, { current: () => shippedRules });
  const put = async (recognition: Recognition) =>
    (await blobs.put(Buffer.from(JSON.stringify(recognition)), 'application/json')).sha256;
  return { recognitions, put, counted };
}

test('what kind a document of many pages is, is found out page by page: the hall goes on meanwhile', async t => {
  const { recognitions, put } = await recognitionsIn(t);
  const texts = kindTexts.slice(0, 8).map(([, text]) => text);
  const pages = Array.from({ length: 40 }, (_, at) => pageOfText(texts[at % texts.length] ?? ''));
  const sha256 = await put({ pages, fields: [] });
  await recognitions.get(sha256);
  let others = 0;
  const guess = recognitions.looksLike(sha256);
  let isDone = false;
  void guess.then(() => {
    isDone = true;
  });
  while (!isDone) {
    others++;
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.ok(others >= 40, `${others} turns of other work`);
  assert.deepEqual(await guess, classify(pages, shippedRules));
});

test('recognitions stay in memory up to so many bytes, the newest of them', async t => {
  const { recognitions, put, counted } = await recognitionsIn(t);
  const large = async (letter: string) =>
    put({ pages: [{ text: letter.repeat(7 * 1024 ** 2), width: 1, height: 1, words: [] }], fields: [] });
  const [one, two, three] = [await large('a'), await large('b'), await large('c')];
  for (const sha256 of [one, two, three, three, two]) await recognitions.get(sha256);
  assert.equal(counted.reads, 3);
  await recognitions.get(one);
  assert.equal(counted.reads, 4);
  await recognitions.get(two);
  assert.equal(counted.reads, 5);
});
