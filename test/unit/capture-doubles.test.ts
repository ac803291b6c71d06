import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distance, fingerprintOf } from '../../device/capture/doubles/fingerprint.ts';
import { type ComparedPage, isSamePage } from '../../device/capture/doubles/same-page.ts';
import { cleanPage } from '../../device/capture/host/clean-page.ts';
import { fixturePage } from '../fixtures/pages.ts';
import { scannedAgain } from '../fixtures/scanned-again.ts';
import { page } from '../fixtures/word-pages.ts';

const form = (name: string, number: string) =>
  `Заявление о предоставлении субсидии на оплату жилого помещения\nот гражданина ${name}\nпаспорт ${number}\nс правилами предоставления ознакомлен и согласен`;
const like = '0'.repeat(64);
const read = (text: string, fingerprint: string | undefined = like): ComparedPage => ({
  ...page(text),
  ...(fingerprint !== undefined && { fingerprint }),
});

test('a sheet scanned again looks alike from afar, another sheet does not', async () => {
  const look = async (bytes: Uint8Array) => fingerprintOf((await cleanPage(bytes)).grey);
  const { bytes } = await fixturePage('certificate-1');
  const first = await look(bytes);
  const again = distance(first, await look(await scannedAgain(bytes)));
  const other = distance(first, await look((await fixturePage('contract-1')).bytes));
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.ok(again < 60 && other > 80, `again ${again}, another ${other}`);
});

test('the same words are the same sheet, also with letters misread', () => {
  const one = read(form('Примеров Тест Образцович', '9900 123456'));
  assert.equal(isSamePage(one, read(form('Примеров Тест Образцович', '9900 123456'))), true);
  assert.equal(isSamePage(one, read(form('Прнмеров Тест 0бразцовнч', '9900 123456'))), true);
});

test('one form filled in for two people is two sheets, and so is one with another number', () => {
  const one = read(form('Примеров Тест Образцович', '9900 123456'));
  assert.equal(isSamePage(one, read(form('Макетова Проба Вариантовна', '9900 123456'))), false);
  assert.equal(isSamePage(one, read(form('Примеров Тест Образцович', '9901 654321'))), false);
});

test('pages that nothing can be said of are never the same: blank ones, photographs, those read before', () => {
  assert.equal(isSamePage(read(''), read('')), false);
  assert.equal(isSamePage(read('Фото'), read('Фото')), false);
  const text = form('Примеров Тест Образцович', '9900 123456');
  assert.equal(isSamePage(page(text), page(text)), false);
  assert.equal(isSamePage(read(text), read(text, 'f'.repeat(64))), false);
});
