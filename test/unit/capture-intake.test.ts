import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { inspectPage } from '../../device/capture/intake.ts';
import { limits } from '../../protocol/limits.ts';
import { fixturePage } from '../fixtures/pages.ts';

async function codeOf(bytes: Uint8Array): Promise<string> {
  const found = await inspectPage(bytes);
  return found.kind === 'page' ? 'page' : found.code;
}

test('a scanned JPEG is a page with its size and resolution', async () => {
  const { bytes } = await fixturePage('snils-card-1');
  assert.deepEqual(await inspectPage(bytes), {
    kind: 'page',
    mediaType: 'image/jpeg',
    width: 2480,
    height: 3508,
    dpi: 300,
  });
});

test('PNG and TIFF are pages; without a tag the resolution is that of a full A4 sheet', async () => {
  const blank = sharp({ create: { width: 1654, height: 2339, channels: 3, background: '#ffffff' } });
  const png = await inspectPage(await blank.png().toBuffer());
  assert.deepEqual(png, { kind: 'page', mediaType: 'image/png', width: 1654, height: 2339, dpi: 200 });
  const tiff = await inspectPage(await blank.tiff({ xres: 300 / 25.4, yres: 300 / 25.4 }).toBuffer());
  assert.equal(tiff.kind === 'page' ? tiff.mediaType : tiff.code, 'image/tiff');
});

test('the sides are those that a person sees when the camera was turned', async () => {
  const turned = sharp({ create: { width: 300, height: 200, channels: 3, background: '#ffffff' } });
  const found = await inspectPage(await turned.withMetadata({ orientation: 6 }).jpeg().toBuffer());
  assert.deepEqual(found.kind === 'page' && [found.width, found.height], [200, 300]);
});

test('a JPEG cut short is damaged, wherever it was cut', async () => {
  const { bytes } = await fixturePage('snils-card-1');
  for (const length of [20, 2000, bytes.length >> 1, bytes.length - 1000]) {
    assert.equal(await codeOf(bytes.subarray(0, length)), 'capture.damaged', `${length}`);
  }
});

test('nothing, text, a PDF and a page of several pictures are refused each with its code', async () => {
  assert.equal(await codeOf(new Uint8Array()), 'capture.empty');
  assert.equal(await codeOf(Buffer.from('Это не изображение')), 'capture.not-an-image');
  assert.equal(await codeOf(Buffer.from('%PDF-1.7\n')), 'capture.not-an-image');
  assert.equal(
    await codeOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
    'capture.not-an-image',
  );
});

test('a file above the limit is refused by its size alone', async () => {
  const found = await inspectPage(new Uint8Array(limits.pageBytes + 1));
  assert.deepEqual(found, { kind: 'refused', code: 'capture.too-large', details: { megabytes: 65 } });
});

test('a small file that unpacks to too many pixels is refused before it is decoded', async () => {
  const side = Math.ceil(Math.sqrt(limits.pagePixels)) + 1;
  const bomb = await sharp({ create: { width: side, height: side, channels: 3, background: '#fff' } })
    .toColourspace('b-w')
    .png({ compressionLevel: 9, palette: false })
    .toBuffer();
  assert.equal(await codeOf(bomb), 'capture.too-many-pixels');
});

test('a strip of one pixel is no bomb: six thousand bytes are not unpacked to a gigabyte', async () => {
  const strip = sharp({ create: { width: 1, height: 65_000, channels: 3, background: '#fff' } });
  const bytes = await strip.jpeg().toBuffer();
  const before = process.resourceUsage().maxRSS;
  assert.equal(await codeOf(bytes), 'page');
  assert.ok(process.resourceUsage().maxRSS - before < 100 * 1024, 'kilobytes');
});
