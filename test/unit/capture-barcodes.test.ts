import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { codeText } from '../../device/capture/barcodes/code-text.ts';
import { mayHoldCodes } from '../../device/capture/barcodes/may-hold-codes.ts';
import { readCodes } from '../../device/capture/barcodes/read-codes.ts';
import { cleanPage } from '../../device/capture/host/clean-page.ts';
import { codedPage, type PrintedCode, placeOf } from '../fixtures/coded-page.ts';
import { application, page } from '../fixtures/layouts.ts';
import type { Scan } from '../fixtures/page-set/scan.ts';
import { people } from '../fixtures/people.ts';

const [person] = people;
assert.ok(person);
const form = application(person);
const texts = {
  QRCode: 'ASN00001234',
  DataMatrix: 'CASE-77/0042',
  Code128: 'MFC-0193-000417',
  PDF417: 'DOC|780|42',
  Code39: 'PATCHT',
  EAN13: '4006381333931',
  EAN8: '12345670',
  ITF: '12345678901231',
} as const;
const formats = Object.keys(texts) as (keyof typeof texts)[];

/** All kinds in the free lower half of a form, two in a row. */
const allKinds = (moduleMm: number, angle = 0): PrintedCode[] =>
  formats.map((format, at) => ({
    ...{ format, text: texts[format], moduleMm, angle },
    ...{ x: 250 + (at % 2) * 1150, y: 2000 + Math.floor(at / 2) * 360 },
  }));

async function read(printed: PrintedCode[], how: Omit<Scan, 'seed'>) {
  const { codes } = await cleanPage(await codedPage(form, printed, { ...how, seed: 5 }));
  return await readCodes(codes);
}
const found = (codes: Awaited<ReturnType<typeof read>>) =>
  Object.fromEntries(codes.map(({ format, text }) => [format, text]));

for (const [name, moduleMm, how] of [
  ['a clean scan', 0.5, {}],
  ['a skewed one', 0.4, { skew: 4 }],
  ['a poor one', 0.4, { skew: -2, noise: 12, blur: 1.2, contrast: 0.7, quality: 45 }],
  ['one laid on its side, with small codes', 0.3, { turn: 90, skew: 1 }],
] as const)
  test(`eight kinds of codes on one page are read from ${name}`, async () => {
    assert.deepEqual(found(await read(allKinds(moduleMm), how)), texts);
  });

test('a code stuck on askew is read all the same, and none is read by halves', async () => {
  const codes = found(await read(allKinds(0.33, 12), {}));
  for (const [format, text] of Object.entries(codes)) assert.equal(text, texts[format as keyof typeof texts]);
  assert.ok(Object.keys(codes).length >= 6, `${Object.keys(codes)}`);
});

test('the place of a code is that on the straightened page', async () => {
  const printed = { format: 'QRCode', text: 'ASN1', x: 1500, y: 2600, moduleMm: 0.6 } as const;
  const [code] = await read([printed], { skew: 3 });
  const wanted = placeOf(printed);
  assert.ok(code);
  // The quiet zone is no part of it, and the straightened page is a little wider than the sheet.
  assert.ok(Math.abs(code.box.x - wanted.x) < 0.04, `${code.box.x} ${wanted.x}`);
  assert.ok(Math.abs(code.box.y - wanted.y) < 0.04, `${code.box.y} ${wanted.y}`);
  assert.ok(code.box.width > 0.04 && code.box.width < 0.1);
});

test('pages of print hold no code, and for most of them nobody looks', async () => {
  const folder = new URL('../fixtures/pages/', import.meta.url);
  const names = (await readdir(folder)).filter(name => name.endsWith('.jpg'));
  let searched = 0;
  for (const name of names) {
    const { codes: grey } = await cleanPage(await readFile(new URL(name, folder)));
    if (mayHoldCodes(grey)) searched++;
    assert.deepEqual(await readCodes(grey), [], name);
  }
  assert.ok(names.length > 6 && searched <= names.length / 2, `${searched} of ${names.length}`);
});

test('a page full of codes ends after so many', async () => {
  const many = Array.from({ length: 48 }, (_, at): PrintedCode => {
    const place = { x: 200 + (at % 6) * 350, y: 200 + Math.floor(at / 6) * 400 };
    return { format: 'QRCode', text: `STICKER-${at}`, moduleMm: 0.6, ...place };
  });
  const { codes } = await cleanPage(await codedPage(page([]), many, { seed: 6 }));
  assert.equal((await readCodes(codes)).length, 32);
});

test('the text of a code is bounded and carries nothing that only a machine would obey', () => {
  const text = `A\u0000B\u001dC\u202eD\r\nE${'x'.repeat(9000)}`;
  const clean = codeText(Buffer.from(text), text);
  assert.match(clean, /^A B C D Ex+$/);
  assert.equal(clean.length, 2000);
  assert.equal(codeText(Buffer.from([0, 1]), '\u0000\u0001'), '');
});

test('a payment code is read in the encoding that it names', () => {
  const cyrillic = Buffer.from([0xcf, 0xee, 0xeb, 0xe5]);
  const code = Buffer.concat([Buffer.from('ST00011|Name='), cyrillic]);
  assert.equal(codeText(code, 'whatever the reader guessed'), 'ST00011|Name=Поле');
});
