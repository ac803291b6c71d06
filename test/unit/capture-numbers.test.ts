import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress, printAddress } from '../../device/capture/fields/address-parts.ts';
import { findFields } from '../../device/capture/fields.ts';
import { page } from '../fixtures/word-pages.ts';

const today = new Date('2026-11-22T09:00:00.000Z');
const found = (text: string): Record<string, [value: string, check: string, read?: string]> =>
  Object.fromEntries(
    findFields([page(text)], today).map(({ name, value, check, read }) => [
      name,
      read === undefined ? [value, check] : [value, check, read],
    ]),
  );

test('letters are digits only inside a number, and what stood there is shown', () => {
  assert.deepEqual(found('ИНН 99OO12З467').inn, ['9900123467', 'passed', '99OO12З467']);
  assert.deepEqual(found('ИНН 9900123467 Обо всём').inn, ['9900123467', 'passed']);
  assert.deepEqual(found('ИНН 9 9 0 0 1 2 3 4 6 7').inn, ['9900123467', 'passed']);
  assert.equal(found('ИНН ЗООБООЗОБО').inn, undefined);
});

test('a digit is never taken for another digit, even if the check digits would then agree', () => {
  assert.deepEqual(found('ИНН 9900123461').inn, ['9900123461', 'failed']);
  assert.deepEqual(found('UHH 9900123467').inn, ['9900123467', 'passed']);
});

test('ОГРН and ОГРНИП count behind their name, a БИК and its accounts are held against each other', () => {
  assert.deepEqual(found('ОГРН: 1029900123461').ogrn, ['1029900123461', 'passed']);
  assert.equal(found('договор 1029900123461').ogrn, undefined);
  const bank = 'р/с 40602810700000000025\nк/с 30101810800000000746\nБИК 049805746';
  assert.deepEqual(found(bank).bik, ['049805746', 'none']);
  assert.deepEqual(found(bank).account, ['40602810700000000025', 'passed']);
  assert.deepEqual(found(bank)['account.2'], ['30101810800000000746', 'passed']);
  assert.equal(found(bank.replace('0025', '0026')).account?.[1], 'failed');
  assert.equal(found('Счёт 40602810700000000026').account?.[1], 'none');
  assert.equal(found('БИК 049805746 Сч. № 40602810700000000025').account?.[1], 'passed');
});

test('a passport is found printed, split into pieces, and from the red number beside the edge', () => {
  assert.deepEqual(found('паспорт серия 4510 № 123456').passport, ['4510 123456', 'none']);
  assert.deepEqual(found('Паспорт: 45 10 123456, выдан').passport, ['4510 123456', 'none']);
  const edge = 'РОССИЙСКАЯ ФЕДЕРАЦИЯ\nКод подразделения 990-001\n45\n10\n123456\nФамилия';
  assert.deepEqual(found(edge).passport, ['4510 123456', 'none']);
  assert.deepEqual(found(edge)['department-code'], ['990-001', 'none']);
  assert.deepEqual(found(`Паспорт\n${[...'4510123456'].join('\n')}`).passport, ['4510 123456', 'none']);
  assert.equal(found('Таблица\n45\n10\n123456').passport, undefined);
  assert.equal(found('Паспорт ТС серия 99 НК\n99 09 417263').passport, undefined, 'of a car');
  assert.equal(found('серия ХХХ № 0662041718').passport, undefined, 'of a policy');
  assert.deepEqual(found('паспорт 45 10\n123456, выдан').passport, ['4510 123456', 'none']);
});

test('cadastral numbers lose the spaces of the engine, and an impossible one is marked', () => {
  assert.deepEqual(found('номер 61:00: 0000000 :123').cadastral, ['61:00:0000000:123', 'none']);
  assert.equal(found('номер 00:00:0000000:123').cadastral?.[1], 'failed');
  assert.equal(found('в 10:20:30').cadastral, undefined);
});

test('an address is taken apart and printed in one form, with what was read beside it', () => {
  const read =
    'Россия, 344000, Пробная область, город Образцовск, улица Тестовая, дом 1 корпус 2, квартира 3';
  assert.deepEqual(found(`Адрес: ${read}`).address, [
    '344000, Пробная обл., г. Образцовск, ул. Тестовая, д. 1, корп. 2, кв. 3',
    'none',
    read,
  ]);
  assert.deepEqual(parseAddress('344002, с. Пробное, ул. Учебная, д. 7'), {
    index: '344002',
    settlement: 'с. Пробное',
    street: 'ул. Учебная',
    house: 'д. 7',
  });
  assert.equal(parseAddress('д. Пробное, ул. Учебная д. 7а')?.settlement, 'д. Пробное');
});

test('an address with a part that nobody knows stays as it was read', () => {
  const read = 'г. Образцовск, войсковая часть вторая, д. 7';
  assert.equal(parseAddress(read), undefined);
  assert.deepEqual(found(`Адрес: ${read}`).address, [read, 'none']);
});

test('the normal form of an address is its own normal form', () => {
  const address = '344000, респ. Пробная, Учебный р-н, п. Тестовый, пр-кт Первый, д. 1/2, стр. 3, оф. 4';
  const parts = parseAddress(address);
  assert.equal(parts && printAddress(parts), address);
});
