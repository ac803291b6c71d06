import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { closeUpCells, placeBefore } from '../../device/capture/steps/cells.ts';
import { turnDarkFields } from '../../device/capture/steps/dark-fields.ts';
import type { Grey } from '../../device/capture/steps/grey.ts';
import { smoothRoughPaper } from '../../device/capture/steps/rough-paper.ts';
import { removeSpecks } from '../../device/capture/steps/specks.ts';
import { findStreaks, withoutStreaks } from '../../device/capture/steps/streaks.ts';

const dpi = 200;

async function drawn(svg: string, width = 900, height = 300): Promise<Grey> {
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>${svg}</svg>`;
  const data = await sharp(Buffer.from(picture)).greyscale().extractChannel(0).raw().toBuffer();
  return { data, width, height };
}

const text = (value: string, x: number, y: number, more = '') =>
  `<text x="${x}" y="${y}" font-family="Liberation Sans" font-size="30" ${more}>${value}</text>`;
const level = ({ data, width }: Grey, x: number, y: number) => data[y * width + x] ?? -1;
const inkOf = ({ data }: Grey) => data.filter(value => value < 128).length;

test('the cells of a form go away, its letters move together, and their places are known', async () => {
  const cells = [...'2010']
    .map(
      (sign, at) =>
        `<rect x="${100 + at * 44}" y="100" width="44" height="50" fill="none" stroke="#333" stroke-width="2"/>${text(sign, 113 + at * 44, 135)}`,
    )
    .join('');
  const page = await drawn(cells);
  const { grey, rows } = closeUpCells(page, dpi);
  assert.equal(rows.length, 1);
  assert.equal(level(grey, 144, 125), 255, 'a side between two cells');
  assert.equal(level(grey, 120, 100), 255, 'an upper side');
  const letters = await drawn([...'2010'].map((sign, at) => text(sign, 113 + at * 44, 135)).join(''));
  const [left, whole] = [inkOf(grey), inkOf(letters)];
  assert.ok(Math.abs(left - whole) < whole * 0.08, `${left} of ${whole} pixels of ink`);
  const last = rows[0]?.moves.at(-1);
  assert.ok(last !== undefined && last.to < last.from - 40, 'the last digit moved to the left');
  assert.equal(placeBefore(rows, last.to + 3, 125), last.from + 3);
  assert.equal(placeBefore(rows, last.to + 3, 250), last.to + 3, 'another line stays');
});

test('in a row of cells nothing is lost: a letter that fills its cell, a sign between, a second number', async () => {
  const cell = (sign: string, x: number, size = 30) =>
    `<rect x="${x}" y="100" width="44" height="50" fill="none" stroke="#333" stroke-width="2"/><text x="${x + 22}" y="137" text-anchor="middle" font-family="Liberation Sans" font-size="${size}">${sign}</text>`;
  const number = (signs: string, from: number) =>
    [...signs].map((sign, at) => cell(sign, from + at * 44, sign === '8' ? 44 : 30)).join('');
  const print = `${number('2801', 60)}${text('№', 244, 136)}${number('05', 296)}${number('1968', 410)}`;
  const page = await drawn(print);
  const { grey, rows } = closeUpCells(page, dpi);
  assert.equal(rows.length, 1);
  const letters = await drawn(print.replaceAll(/<rect[^>]*>/g, ''));
  const [left, whole] = [inkOf(grey), inkOf(letters)];
  assert.ok(Math.abs(left - whole) < whole * 0.08, `${left} of ${whole} pixels of ink`);
  for (let x = 244; x < 272; x++)
    for (let y = 105; y < 145; y++) assert.equal(level(grey, x, y), level(page, x, y), `${x}, ${y}`);
});

test('a streak of dust goes with the print under it kept; print, rules and noise are no streaks', async () => {
  const print = Array.from({ length: 9 }, (_, row) => text(`Строка печати ${row}`, 60, 60 + row * 60)).join(
    '',
  );
  const sheet = (page: Grey) => ({ ...page, channels: 1 as const });
  const rule = '<rect x="700" y="60" width="2" height="330" fill="#222"/>';
  const clean = await drawn(print + rule, 900, 600);
  for (const [at, value] of clean.data.entries()) clean.data[at] = Math.max(0, value - ((at * 7919) % 13));
  assert.deepEqual(findStreaks(sheet(clean)), []);
  const dusty = { ...clean, data: Uint8Array.from(clean.data) };
  for (let y = 0; y < 600; y++)
    for (const x of [150, 151]) dusty.data[y * 900 + x] = Math.max(0, level(clean, x, y) - 40);
  const streaks = findStreaks(sheet(dusty));
  assert.deepEqual(
    streaks.map(({ column }) => column),
    [150, 151],
  );
  const mended = withoutStreaks(sheet(dusty), streaks);
  const wrong = mended.data.filter((value, at) => Math.abs(value - (clean.data[at] ?? 0)) > 48).length;
  assert.equal(wrong, 0);
});

test('strokes of large letters, zeros among them, and tables are no cells', async () => {
  for (const svg of [
    text('СВИДЕТЕЛЬСТВО', 60, 120, 'style="font-size:60px;font-family:Liberation Serif;font-weight:bold"'),
    text('200-300-000 00', 60, 120, 'style="font-size:56px;font-weight:bold"'),
    [0, 1, 2, 3]
      .map(
        at =>
          `<rect x="${40 + at * 200}" y="80" width="200" height="60" fill="none" stroke="#222" stroke-width="3"/>`,
      )
      .join(''),
  ]) {
    const page = await drawn(svg);
    assert.equal(closeUpCells(page, dpi).grey, page);
  }
});

test('white print on a filled field becomes black on white, and a photograph stays', async () => {
  const page = await drawn(
    `<rect x="50" y="40" width="800" height="56" fill="#2f4a7a"/>${text('Личные сведения', 70, 78, 'fill="#fff"')}<rect x="50" y="130" width="160" height="170" fill="#333"/>`,
    900,
    700,
  );
  const plain = turnDarkFields(page, 100);
  assert.ok(level(plain, 600, 68) > 240);
  assert.ok(inkOf({ ...plain, data: plain.data.subarray(40 * 900, 96 * 900) }) > 800, 'its print is dark');
  const whole = turnDarkFields(
    await drawn('<rect x="50" y="30" width="300" height="600" fill="#333"/>', 900, 700),
    100,
  );
  assert.equal(level(whole, 100, 300), 0x33);
});

test('a page without filled fields is returned as it came', async () => {
  const page = await drawn(text('Заявление', 100, 100));
  assert.equal(turnDarkFields(page, dpi), page);
});

test('dust goes, full stops of a clean page stay', async () => {
  const page = await drawn(text('Ул. Учебная, д. 7, кв. 12.', 60, 120));
  const before = inkOf(page);
  assert.equal(removeSpecks(page), 'clean');
  assert.equal(inkOf(page), before);
  for (let at = 0; at < 60; at++) page.data[(150 + 10 * (at % 14)) * 900 + 20 + 14 * at] = 30;
  assert.equal(removeSpecks(page), 'clean');
  assert.ok(inkOf(page) <= before);
  for (let at = 0; at < 1400; at++) page.data[(140 + 6 * (at % 26)) * 900 + 10 + 7 * (at % 125)] = 0;
  assert.equal(removeSpecks(page), 'salted');
});

test('tones made of dots all over the paper are smoothed, print and faint print stay; smooth paper is left as it is', async () => {
  const lines = (fill: string) =>
    [60, 110, 160, 210, 260].map(y => text('Уведомление о выплате', 60, y, `fill="${fill}"`)).join('');
  const [clear, faint] = [await drawn(lines('#222')), await drawn(lines('#aaa'))];
  assert.equal(smoothRoughPaper(clear), clear);
  assert.equal(smoothRoughPaper(faint), faint, 'faint print alone is no grain');
  const dots = new Uint8Array(clear.data);
  for (let at = 0; at < dots.length; at++)
    if ((at + Math.floor(at / clear.width)) % 3 === 0)
      dots[at] = Math.min(dots[at] ?? 0, at % 2 === 0 ? 200 : 215);
  const smoothed = smoothRoughPaper({ ...clear, data: dots });
  const grain = ({ data }: Grey) => data.filter(value => value >= 128 && value < 228).length;
  const before = grain({ ...clear, data: dots });
  assert.ok(grain(smoothed) < before / 5, `${grain(smoothed)} of ${before} soft pixels`);
  const [left, whole] = [inkOf(smoothed), inkOf(clear)];
  assert.ok(Math.abs(left - whole) < whole * 0.15, `${left} of ${whole} pixels of ink`);
});
