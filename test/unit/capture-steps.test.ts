import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { cleanPage } from '../../device/capture/host/clean-page.ts';
import { cutInBands } from '../../device/capture/steps/bands.ts';
import { decodePage } from '../../device/capture/steps/decode.ts';
import { flatten } from '../../device/capture/steps/flatten.ts';
import { type Grey, shrinkGrey } from '../../device/capture/steps/grey.ts';
import { inkRows } from '../../device/capture/steps/ink-rows.ts';
import { findSheet } from '../../device/capture/steps/page-edges.ts';
import { straightSheet } from '../../device/capture/steps/perspective.ts';
import { greyOf, paperColour } from '../../device/capture/steps/picture.ts';
import { letterHeight } from '../../device/capture/steps/print-size.ts';
import { densestStrip, seemsUpsideDown, upsideDown } from '../../device/capture/steps/upside-down.ts';
import { fixturePage } from '../fixtures/pages.ts';

const white = (width: number, height: number): Grey => ({
  data: new Uint8Array(width * height).fill(255),
  width,
  height,
});

/** Draws a filled rectangle. */
function fill(
  { data, width }: Grey,
  left: number,
  top: number,
  right: number,
  bottom: number,
  level = 0,
): void {
  for (let y = top; y < bottom; y++) data.fill(level, y * width + left, y * width + right);
}

/** Lines of «print»: a body of `body` rows with ascenders above it. */
function lines(page: Grey, from: number, to: number, body: number, columns: [number, number][]): void {
  for (let y = from; y + 3 * body < to; y += 3 * body)
    for (const [left, right] of columns)
      for (let x = left; x < right; x += 8) {
        fill(page, x, y, x + 5, y + body);
        if (x % 56 === 0) fill(page, x, y - (body >> 1), x + 3, y);
      }
}

test('a page is decoded no finer than asked, and its resolution is told', async () => {
  const { bytes } = await fixturePage('snils-card-1');
  const { picture, dpi, source } = await decodePage(bytes, 200);
  assert.deepEqual([picture.width, picture.channels, Math.round(dpi)], [1653, 3, 200]);
  assert.deepEqual(source, { dpi: 300, tagged: true });
  const grey = await decodePage(await sharp(bytes).toColourspace('b-w').jpeg().toBuffer(), 300);
  assert.equal(grey.picture.channels, 1);
});

test('a shadow and grey paper become white, and the print stays', () => {
  const page = white(640, 800);
  for (let x = 0; x < 640; x++) fill(page, x, 0, x + 1, 800, 110 + Math.round(x / 5));
  lines(page, 100, 700, 14, [[60, 580]]);
  const flat = flatten(page);
  const middle = (y: number) => flat.data.subarray(y * 640 + 20, y * 640 + 620);
  assert.ok(
    middle(20).every(level => level === 255),
    'paper above the print',
  );
  const before = inkRows(flatten(white(640, 800)));
  assert.ok(before.every(count => count === 0));
  assert.ok((inkRows(flat)[105] ?? 0) > 200, 'a line of print');
});

test('the height of small letters is measured within a pixel', () => {
  for (const body of [8, 14, 22]) {
    const page = white(1600, 2000);
    lines(page, 100, 1900, body, [[200, 1400]]);
    assert.ok(Math.abs((letterHeight(inkRows(page)) ?? 0) - body) <= 1, `${body}`);
  }
  assert.equal(letterHeight(inkRows(white(1600, 2000))), undefined);
});

test('a page is cut between lines, near the middle of its ink', () => {
  const page = white(1600, 2000);
  lines(page, 100, 1900, 14, [[200, 1400]]);
  const bands = cutInBands(page);
  assert.ok(bands);
  const [upper, lower] = bands;
  assert.equal(upper.height + lower.height, 2000);
  assert.ok(Math.abs(upper.height - 1000) < 100, `${upper.height}`);
  assert.equal(inkRows(upper).at(-1), 0);
  assert.equal(inkRows(lower)[0], 0);
});

test('columns, a table with rules, and a page with little print are read whole', () => {
  const columns = white(1600, 2000);
  lines(columns, 100, 1900, 14, [
    [150, 740],
    [860, 1450],
  ]);
  assert.ok(cutInBands(columns) === undefined);
  const table = white(1600, 2000);
  lines(table, 100, 1900, 14, [[200, 1400]]);
  fill(table, 190, 90, 193, 1900);
  assert.ok(cutInBands(table) === undefined);
  const little = white(1600, 2000);
  lines(little, 900, 945, 14, [[200, 1400]]);
  assert.ok(cutInBands(little) === undefined);
});

test('the strip with most print is found, and half a turn is undone by another one', () => {
  const page = white(800, 1400);
  lines(page, 1000, 1200, 12, [[80, 700]]);
  const strip = densestStrip(page);
  assert.deepEqual([strip.width, strip.height], [800, 140]);
  const ink = (grey: Grey) => inkRows(grey).reduce((sum, each) => sum + each, 0);
  assert.ok(ink(strip) > 0.6 * ink(page));
  assert.ok(Buffer.from(upsideDown(upsideDown(page)).data).equals(page.data));
});

test('a page on its head is known by its lines, which begin level and end ragged', () => {
  const page = white(1600, 2200);
  for (let line = 0; line < 20; line++)
    lines(page, 200 + line * 80, 245 + line * 80, 14, [[160, 900 + ((line * 137) % 500)]]);
  assert.equal(seemsUpsideDown(page), false);
  assert.equal(seemsUpsideDown(upsideDown(page)), true);
  assert.equal(seemsUpsideDown(white(800, 1100)), false);
});

test('a sheet on a dark table is found aslant and drawn straight; one that fills the picture is left alone', async () => {
  const corners = '70,60 520,110 560,720 40,690';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="800"><rect width="600" height="800" fill="#222"/>
    <polygon points="${corners}" fill="#f4f0e4"/></svg>`;
  const { data } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const picture = { data, width: 600, height: 800, channels: 3 as const };
  const quad = findSheet(shrinkGrey(greyOf(picture), 2));
  assert.ok(quad);
  for (const [index, corner] of corners.split(' ').entries()) {
    const [x = 0, y = 0] = corner.split(',').map(Number);
    const off = Math.hypot((quad[index]?.x ?? 0) * 600 - x, (quad[index]?.y ?? 0) * 800 - y);
    assert.ok(off < 9, `corner ${index} is ${off} pixels off`);
  }
  const sheet = straightSheet(picture, quad, 'scanner');
  const dark = greyOf(sheet).data.filter(level => level < 200).length;
  assert.ok(
    dark < 0.002 * sheet.width * sheet.height,
    `${dark} dark pixels of ${sheet.width}×${sheet.height}`,
  );

  assert.equal(findSheet(shrinkGrey(greyOf({ ...picture, data: data.map(() => 240) }), 2)), undefined);
  const { bytes } = await fixturePage('certificate-1');
  const page = await decodePage(bytes, 100);
  assert.equal(findSheet(shrinkGrey(greyOf(page.picture), 3)), undefined);
});

test('a sheet on a bright table is found where light falls unevenly; a shadow along one side is no table', () => {
  const [width, height] = [280, 370];
  const lit = (isTable: (x: number, y: number) => boolean): Grey => ({
    data: Uint8Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      const light = 1 - 0.25 * (x / width) - 0.05 * (y / height);
      return light * (isTable(x, y) ? 180 : 238);
    }),
    width,
    height,
  });
  const corners = { left: 28, right: 250, top: 24, bottom: 340 };
  const quad = findSheet(
    lit((x, y) => x < corners.left || x >= corners.right || y < corners.top || y >= corners.bottom),
  );
  assert.ok(quad);
  const [first, , third] = quad;
  for (const [found, x, y] of [
    [first, corners.left, corners.top],
    [third, corners.right, corners.bottom],
  ] as const)
    assert.ok(Math.hypot(found.x * width - x, found.y * height - y) < 6, JSON.stringify(found));
  assert.equal(findSheet(lit(x => x < 40)), undefined);
  assert.equal(findSheet(lit(() => false)), undefined);
});

test('a cleaned page is upright, white where paper was, and its picture keeps its colours', async () => {
  const { bytes } = await fixturePage('application-1');
  const { grey, picture, dpi, blank } = await cleanPage(
    await sharp(bytes).rotate(90).jpeg().withMetadata({ density: 300 }).toBuffer(),
  );
  assert.deepEqual([blank, Math.round(dpi), picture.channels], [false, 200, 3]);
  assert.deepEqual([grey.width, grey.height], [picture.width, picture.height]);
  assert.ok(grey.height > grey.width);
  const levels = grey.data.filter((_, at) => at % 97 === 0);
  assert.ok(levels.filter(level => level === 255).length > 0.85 * levels.length);
  const paper = paperColour(picture);
  assert.ok(paper.r > paper.b && paper.b > 200, JSON.stringify(paper));
});
