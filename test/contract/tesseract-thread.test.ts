import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { startTesseractJs } from '../../device/capture/engines/tesseract-js.ts';
import { wordsOf } from '../../device/capture/engines/tsv.ts';
import { getLanguageDataDir } from '../../device/capture/language-data.ts';
import type { Grey } from '../../device/capture/steps/grey.ts';
import { fixturePage } from '../fixtures/pages.ts';

const dpi = 200;

async function greyPage(name: string): Promise<Grey> {
  const { bytes } = await fixturePage(name);
  const { data, info } = await sharp(bytes)
    .greyscale()
    .resize({ width: 1654 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

test('what a thread is given to read stays with the caller, and is read the same after other pages', async t => {
  const reader = await startTesseractJs(getLanguageDataDir());
  t.after(() => reader.stop());
  const page = await greyPage('snils-card-1');
  const before = new Uint8Array(page.data);
  const first = await reader.read(page, dpi);
  assert.match(first, /ПРИМЕРОВ/);
  // Rows from the middle of a page lie in the memory of the whole page.
  const [from, to] = [Math.round(page.height * 0.1), Math.round(page.height * 0.9)];
  const band = page.data.subarray(from * page.width, to * page.width);
  const words = wordsOf(await reader.read({ data: band, width: page.width, height: to - from }, dpi));
  assert.ok(words.length > 0 && words.every(({ top, height }) => top + height <= to - from));
  assert.deepEqual(
    wordsOf(await reader.read({ data: new Uint8Array(9).fill(255), width: 3, height: 3 }, dpi)),
    [],
  );
  assert.equal(await reader.read(page, dpi), first);
  assert.deepEqual(new Uint8Array(page.data), before);
});

test('a thread that ended refuses the page at once, also the one that it was reading', async () => {
  const reader = await startTesseractJs(getLanguageDataDir());
  const page = await greyPage('snils-card-2');
  const reading = reader.read(page, dpi);
  const refused = assert.rejects(reading, /the engine failed/);
  await reader.stop();
  await refused;
  await assert.rejects(reader.read(page, dpi), /the engine has ended/);
});
