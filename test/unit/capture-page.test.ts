import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { isBlank } from '../../device/capture/blank.ts';
import { pageDpi } from '../../device/capture/page-dpi.ts';
import { skewDegrees } from '../../device/capture/skew.ts';
import { blankPage, fixturePage } from '../fixtures/pages.ts';

async function small(bytes: Uint8Array, width: number, turn = 0) {
  const turned = await sharp(bytes)
    .rotate(turn, { background: '#f6f2e6' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const { data, info } = await sharp(turned)
    .greyscale()
    .resize({ width })
    .median(3)
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

test('the angle of a page is found within a tenth of a degree', async () => {
  const { bytes } = await fixturePage('application-1');
  const itself = skewDegrees(await small(bytes, 850));
  assert.ok(Math.abs(itself + 1.1) < 0.1, `${itself}`);
  const further = skewDegrees(await small(bytes, 850, 2));
  assert.ok(Math.abs(further + 3.1) < 0.1, `${further}`);
});

test('a page without print has no angle and is blank', async () => {
  const bytes = await blankPage();
  assert.equal(skewDegrees(await small(bytes, 850)), 0);
  assert.equal(isBlank(await small(bytes, 620)), true);
});

test('the sparsest page with print is not blank', async () => {
  assert.equal(isBlank(await small((await fixturePage('snils-card-1')).bytes, 620)), false);
});

test('a resolution that makes a sheet of no sensible size is not believed', () => {
  assert.equal(pageDpi(2480, 3508, 300), 300);
  assert.equal(pageDpi(3024, 4032, 72), 345);
  assert.equal(pageDpi(1654, 2339, undefined), 200);
});
