import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { isBlank } from '../../device/capture/steps/blank.ts';
import { shrinkGrey } from '../../device/capture/steps/grey.ts';
import { pageDpi } from '../../device/capture/steps/page-dpi.ts';
import { greyOf, type Picture, pictureOf, shrink } from '../../device/capture/steps/picture.ts';
import { slantOf } from '../../device/capture/steps/skew.ts';
import { blankPage, fixturePage } from '../fixtures/pages.ts';

const paper = '#f6f2e6';

async function picture(bytes: Uint8Array, turn = 0): Promise<Picture> {
  return await pictureOf(
    sharp(await sharp(bytes).rotate(turn, { background: paper }).toBuffer()).resize({ width: 1700 }),
  );
}

const slant = async (bytes: Uint8Array, turn = 0) =>
  slantOf(shrinkGrey(greyOf(await picture(bytes, turn)), 2));

test('the angle of a page is found within a tenth of a degree', async () => {
  const { bytes } = await fixturePage('application-1');
  const itself = await slant(bytes);
  assert.ok(Math.abs(itself.degrees + 1.1) < 0.1, `${itself.degrees}`);
  assert.equal(itself.sideways, false);
  const further = await slant(bytes, 2);
  assert.ok(Math.abs(further.degrees + 3.1) < 0.1, `${further.degrees}`);
});

test('a page that lies on its side is told from one that stands, ruled tables included', async () => {
  for (const name of ['application-1', 'certificate-1', 'contract-1', 'snils-card-1'])
    for (const turn of [0, 90, 180, 270]) {
      const found = await slant((await fixturePage(name)).bytes, turn);
      assert.equal(found.sideways, turn % 180 === 90, `${name} turned by ${turn}`);
    }
});

test('a page without print has no angle and is blank', async () => {
  const bytes = await blankPage();
  assert.deepEqual(await slant(bytes), { degrees: 0, sideways: false });
  assert.equal(isBlank(shrink(await picture(bytes), 3)), true);
});

test('the sparsest page with print is not blank, and neither is one with a faint stamp', async () => {
  assert.equal(isBlank(shrink(await picture((await fixturePage('snils-card-1')).bytes), 3)), false);
  const stamp = `<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><g fill="none" stroke="#3a57a8" opacity="0.16">
    <circle cx="250" cy="250" r="190" stroke-width="9"/><circle cx="250" cy="250" r="128" stroke-width="5"/></g></svg>`;
  const stamped = await sharp(await blankPage())
    .composite([{ input: Buffer.from(stamp), left: 900, top: 1500 }])
    .jpeg({ quality: 70 })
    .toBuffer();
  assert.equal(isBlank(shrink(await picture(stamped), 3)), false);
});

test('print seen through the sheet from its back leaves a page blank', async () => {
  const through = await sharp((await fixturePage('contract-1')).bytes)
    .resize({ width: 1654, height: 2339, fit: 'fill' })
    .greyscale()
    .flop()
    .blur(2.5)
    .linear(0.06, 222)
    .toBuffer();
  const page = await sharp(await blankPage())
    .composite([{ input: through, blend: 'multiply' }])
    .jpeg({ quality: 70 })
    .toBuffer();
  assert.equal(isBlank(shrink(await picture(page), 3)), true);
});

test('a resolution that makes a sheet of no sensible size is not believed', () => {
  assert.equal(pageDpi(2480, 3508, 300), 300);
  assert.equal(pageDpi(3024, 4032, 72), 345);
  assert.equal(pageDpi(1654, 2339, undefined), 200);
  // A photograph of 35 × 45 mm, and a sheet that a wrong tag makes a stamp of.
  assert.equal(pageDpi(827, 1063, 600), 600);
  assert.equal(pageDpi(1000, 1415, 1200), 121);
});
