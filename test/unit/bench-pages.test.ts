import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { readPages } from '../bench/capture/pages.ts';
import { plainValue } from '../bench/capture/score.ts';
import { decoded, fieldsOf } from '../bench/capture/truth.ts';
import { Skipped } from '../bench/setting/skip.ts';

const sheet = () => sharp({ create: { width: 60, height: 80, channels: 3, background: '#fff' } });

test("a stranger's folder of pages is read with any spelling of endings, and what is left out is told", async t => {
  const folder = await mkdtemp(join(tmpdir(), 'okno-pages-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await assert.rejects(readPages(folder), Skipped);
  await assert.rejects(readPages(join(folder, 'nowhere')), Skipped);
  await mkdir(join(folder, 'под папка'));
  const put = (name: string, content: Uint8Array | string) => writeFile(join(folder, name), content);
  await put('one.JPEG', await sheet().jpeg().toBuffer());
  await put('one.TXT', '\uFEFFТекст\r\n');
  await put('one.json', '{"fields": {"birthDate": "01.02.1990", "colour": "red"}}');
  await put('под папка/Справка № 1.png', await sheet().png().toBuffer());
  await put('под папка/Справка № 1.txt', 'Справка');
  const two = [await sheet().png().toBuffer(), await sheet().png().toBuffer()];
  await put(
    'two.tif',
    await sharp(two, { join: { animated: true } })
      .tiff()
      .toBuffer(),
  );
  await put('two.txt', 'Первая\fВторая');
  await put('two.json', '{oops');
  await put('alone.jpg', await sheet().jpeg().toBuffer());
  await put('empty.jpg', '');
  await put('empty.txt', 'Пусто');
  const said: string[] = [];
  const pages = await readPages(folder, text => said.push(text));
  assert.deepEqual(
    pages.map(({ name, text, fields, pages: { length } }) => [name, text, fields, length]),
    [
      ['one', 'Текст\r\n', { 'birth-date': ['01.02.1990'] }, 1],
      ['two', 'Первая\fВторая', {}, 2],
      ['под папка/Справка № 1', 'Справка', {}, 1],
    ],
  );
  for (const word of ['alone.jpg', 'empty.jpg', 'two.json', 'colour'])
    assert.ok(
      said.some(line => line.includes(word)),
      word,
    );
});

test('truth may be in the code pages of Windows and in other shapes of JSON', () => {
  assert.equal(decoded(Buffer.from([0xd2, 0xe5, 0xf1, 0xf2])), 'Тест');
  assert.equal(decoded(Buffer.from('\uFEFFТест', 'utf16le')), 'Тест');
  assert.deepEqual(fieldsOf({ inn: null, full_name: 'Примеров Тест', snils: ['1', '2'], odd: {} }), {
    fields: { inn: [], 'full-name': ['Примеров Тест'], snils: ['1', '2'] },
    unknown: ['odd'],
  });
  assert.deepEqual(fieldsOf([{ name: 'inn', value: 99 }]).fields, { inn: ['99'] });
});

test('fields are compared without their spelling, never without a digit', () => {
  assert.equal(plainValue('amount', '18 500 руб.'), plainValue('amount', '18500.00'));
  assert.equal(plainValue('amount', '18500,50'), plainValue('amount', '18500.50'));
  assert.notEqual(plainValue('amount', '18500.05'), plainValue('amount', '18500.50'));
  const [one, other] = ['ул. Тестовая, д. 1, г. Образцовск', 'город Образцовск, улица Тестовая, дом 1'];
  assert.equal(plainValue('address', one), plainValue('address', other));
  assert.notEqual(plainValue('address', one), plainValue('address', one.replace('1', '7')));
});
