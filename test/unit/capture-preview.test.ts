import assert from 'node:assert/strict';
import { test } from 'node:test';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import { inspectPage } from '../../device/capture/intake.ts';
import { pageImage } from '../../device/capture/page-image.ts';
import { pageAsJpeg, thumbnailOf } from '../../device/capture/page-preview.ts';
import { seededRandom } from '../fixtures/books.ts';
import { fixturePage } from '../fixtures/pages.ts';

test('every page that was taken in can be looked at, also one whose bits were turned over on its way', async () => {
  const random = seededRandom(7);
  const page = sharp((await fixturePage('snils-card-1')).bytes).resize({ width: 300 });
  const forms = [
    await page.clone().jpeg().toBuffer(),
    await page.clone().jpeg({ progressive: true }).toBuffer(),
    await page.clone().tiff({ compression: 'jpeg' }).toBuffer(),
    await page.clone().tiff({ compression: 'lzw' }).toBuffer(),
  ];
  let taken = 0;
  for (const form of forms)
    for (let round = 0; round < 25; round++) {
      const bytes = Buffer.from(form);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      const inspected = await inspectPage(bytes);
      if (inspected.kind === 'refused') continue;
      taken++;
      assert.ok((await thumbnailOf(bytes)).length > 0);
      assert.ok((await pageAsJpeg(bytes)).length > 0);
    }
  assert.ok(taken > 20, `${taken} pages were taken`);
});

test('a preview is small, upright and of the whole page, whatever its shape', async () => {
  const sides = async (width: number, height: number, orientation = 1) => {
    const page = sharp({ create: { width, height, channels: 3, background: '#fff' } });
    const bytes = await page.withMetadata({ orientation }).jpeg().toBuffer();
    const { width: wide, height: high } = await sharp(await thumbnailOf(bytes)).metadata();
    return [wide, high];
  };
  assert.deepEqual(await sides(1240, 1754), [240, 339]);
  assert.deepEqual(await sides(1754, 1240, 6), [240, 339]);
  assert.deepEqual(await sides(1, 65_000), [1, 960]);
});

test('a page of a PDF that is not there, and a PDF that cannot be drawn, are told apart', async () => {
  const document = new PDFDocument({ size: 'A6', autoFirstPage: false });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise(resolve => document.once('end', resolve));
  document.addPage().text('1');
  document.end();
  await ended;
  const pdf = Buffer.concat(chunks);
  assert.equal((await sharp(await pageImage(pdf, 0)).metadata()).format, 'jpeg');
  await assert.rejects(pageImage(pdf, 1), { code: 'internal.not-found' });
  await assert.rejects(pageImage(pdf.subarray(0, 300), 0), { code: 'capture.damaged' });
});
