import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTyped } from '../../device/capture/fields/check-typed.ts';
import { readPaymentCode } from '../../device/capture/fields/payment-code.ts';
import { checkUin } from '../../device/capture/fields/uin.ts';
import { findFields } from '../../device/capture/fields.ts';
import type { Barcode } from '../../device/capture/recognised.ts';
import { singleErrors } from '../fixtures/digit-errors.ts';
import { page } from '../fixtures/word-pages.ts';

const today = new Date('2026-11-22T09:00:00.000Z');
/** Invented; 20 and 25 digits, and one whose first sum leaves 10. */
const tenFirst = '99900000000000000141';
const uins = ['99900000000000000174', '9990000000000000000000178', tenFirst];
const payment = [
  'ST00012|Name=УФК по вымышленной области|PersonalAcc=40602810700000000025|BankName=Банк Образец',
  'BIC=049805746|CorrespAcc=30101810800000000746|PayeeINN=9900123467|Sum=350000|Purpose=Госпошлина',
  `LastName=Примеров|UIN=${uins[0]}`,
].join('|');
const coded = (text: string): Barcode => ({
  ...{ format: 'QRCode', text },
  box: { x: 0.5, y: 0.6, width: 0.1, height: 0.07 },
});
const fieldsOf = (text: string, ...codes: string[]) =>
  findFields([{ ...page(text), barcodes: codes.map(coded) }], today);

test('the check digit of УИН catches nearly every wrong digit, and says so of what a clerk types', () => {
  for (const uin of uins) {
    assert.equal(checkUin(uin), 'passed', uin);
    assert.equal(checkTyped('uin', uin, today), 'passed');
    const wrong = singleErrors(uin);
    const missed = wrong.filter(each => checkUin(each) === 'passed').length;
    // A sum that leaves 10 is taken again with other weights: from there on chance decides.
    const most = uin === tenFirst ? 0.1 : 0.03;
    assert.ok(missed <= wrong.length * most, `${uin}: ${missed} of ${wrong.length}`);
  }
  assert.equal(checkUin('0'.repeat(20)), 'failed');
  assert.equal(checkUin('1234567890'), 'failed');
});

test('a payment code gives its fields with their checks and its place', () => {
  const fields = fieldsOf('Квитанция', payment);
  assert.deepEqual(
    fields.map(({ name, value, check }) => [name, value, check]),
    [
      ['inn', '9900123467', 'passed'],
      ['bik', '049805746', 'none'],
      ['account', '40602810700000000025', 'passed'],
      ['uin', uins[0], 'passed'],
      ['amount', '3500.00', 'none'],
    ],
  );
  assert.deepEqual(fields[0]?.box, { page: 0, x: 0.5, y: 0.6, width: 0.1, height: 0.07 });
  assert.equal(fields[0]?.confidence, 100);
});

test('what is both printed and in the code is one field; what differs is two', () => {
  const same = fieldsOf(`УИН ${uins[0]}`, payment).filter(({ name }) => name.startsWith('uin'));
  assert.deepEqual(
    same.map(({ value, confidence }) => [value, confidence]),
    [[uins[0], 100]],
  );
  const other = fieldsOf(`УИН ${uins[2]}`, payment).filter(({ name }) => name.startsWith('uin'));
  assert.deepEqual(
    other.map(({ name, value }) => [name, value]),
    [
      ['uin', uins[0]],
      ['uin.2', uins[2]],
    ],
  );
});

test('УИН in print counts where the page names it, also in groups of four', () => {
  const grouped = uins[0]?.replace(/(\d{4})(?=\d)/g, '$1 ');
  assert.equal(fieldsOf(`УИН: ${grouped}`)[0]?.value, uins[0]);
  assert.equal(fieldsOf(`Уникальный идентификатор начисления\n${uins[1]}`)[0]?.value, uins[1]);
  assert.deepEqual(fieldsOf(`номер ${uins[0]}`), []);
});

test('other codes are no fields, and damaged payment codes give only what has its shape', () => {
  assert.deepEqual(readPaymentCode('https://okno.example/check/7f3a'), []);
  assert.deepEqual(readPaymentCode('4006381333931'), []);
  assert.deepEqual(readPaymentCode(`${uins[0]?.slice(0, -1)}8`), []);
  assert.deepEqual(readPaymentCode('ST00012'), []);
  assert.deepEqual(readPaymentCode('ST00012|Sum=-5|UIN=0|BIC=12|PersonalAcc=x|PayeeINN='), []);
  assert.deepEqual(readPaymentCode('ST00012~Sum=5'), [{ name: 'amount', value: '0.05', check: 'none' }]);
});
