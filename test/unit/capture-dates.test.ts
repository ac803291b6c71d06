import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCardinal, readOrdinal } from '../../device/capture/fields/numerals.ts';
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

describe('dates', () => {
  test('are told apart: birth, issue, end, any other', () => {
    const fields = found(
      'дата рождения: 29.02.1992,\nдата выдачи 01.02.2020\nсрок действия до 01.02.2030\nпо 5 мая 2026 года',
    );
    assert.deepEqual(fields['birth-date'], ['29.02.1992', 'none']);
    assert.deepEqual(fields['issue-date'], ['01.02.2020', 'none']);
    assert.deepEqual(fields['valid-until'], ['01.02.2030', 'none']);
    assert.deepEqual(fields.date, ['05.05.2026', 'none']);
    assert.equal(found('15.11.1967 г.р.')['birth-date']?.[0], '15.11.1967');
  });

  test('of a driving licence are told by the numbers of its entries, which mean nothing elsewhere', () => {
    const fields = found('3. 02.11.1990\nПРОБНАЯ ОБЛ.\n4a) 25.03.2021 4b) 25.03.2031\n4c) ГИБДД 9904');
    assert.equal(fields['birth-date']?.[0], '02.11.1990');
    assert.equal(fields['issue-date']?.[0], '25.03.2021');
    assert.equal(fields['valid-until']?.[0], '25.03.2031');
    assert.equal(found('3. 02.11.1990 подано заявление')['birth-date'], undefined);
  });

  test('of a span of validity, a row of a table and the cells of a form are told', () => {
    const span = found('Срок действия договора с 01.03.2026 по 31.01.2027.');
    assert.equal(span['valid-until']?.[0], '31.01.2027');
    assert.equal(span.date?.[0], '01.03.2026');
    const row = found('Дата рождения 28.02.1975 02.11.1990\nприказ 03.03.2020');
    assert.equal(row['birth-date.2']?.[0], '02.11.1990');
    assert.equal(row['birth-date.3'], undefined);
    assert.equal(found('Дата рождения: число 07 месяц 03 год 1988')['birth-date']?.[0], '07.03.1988');
    assert.equal(found('Дата рождения\n02 11 1990')['birth-date']?.[0], '02.11.1990');
    assert.equal(found('Показания 02111990')['birth-date'], undefined);
  });

  test('that no calendar has are kept and marked', () => {
    assert.deepEqual(found('от 31.02.2026').date, ['31.02.2026', 'failed']);
    assert.deepEqual(found('от 29.02.2025').date, ['29.02.2025', 'failed']);
  });

  test('of birth or issue cannot be still to come', () => {
    assert.equal(found('дата рождения 01.01.2027')['birth-date']?.[1], 'failed');
    assert.equal(found('выдан 01.01.2027')['issue-date']?.[1], 'failed');
    assert.equal(found('встреча 01.01.2027').date?.[1], 'none');
  });

  test('of a registration behind a place of birth are no births', () => {
    const fields = found(
      'Дата рождения: 15.11.1967\nМесто рождения: г. Образцовск\nпоставлен на учёт 21.07.2011',
    );
    assert.equal(fields['birth-date']?.[0], '15.11.1967');
    assert.equal(fields['birth-date.2'], undefined);
    assert.equal(fields.date?.[0], '21.07.2011');
    assert.equal(found('свидетельство о рождении от 20.09.2015').date?.[0], '20.09.2015');
    assert.equal(
      found('заключили брак, место рождения с. Пробное,\nзаключили брак 12.06.1995')['birth-date'],
      undefined,
    );
  });

  test('of birth and issue are known by words that stand behind them or an office between', () => {
    assert.equal(
      found('Макетов Лист, 14.09.2015 года\nрождения, с 01.09.2026')['birth-date']?.[0],
      '14.09.2015',
    );
    assert.equal(found('выдан\nОВД гор. Образцовска 17 апреля 2010 года')['issue-date']?.[0], '17.04.2010');
    assert.equal(found('Срок действия по\n16.03.2029.')['valid-until']?.[0], '16.03.2029');
    assert.equal(found('«10» марта 1992 г.\nРуководитель')['birth-date'], undefined);
  });

  test('of a table are known by the head of their column', () => {
    const rows =
      'Имя Рождения Родство Выдачи\nЛист 14.09.2015 сын 01.10.2015\nВерст 11.12.1988 муж 03.09.2019';
    const wide = page(rows).words.map(word => ({ ...word, box: { ...word.box, height: 0.005 } }));
    const names = findFields([{ words: wide }], today).map(({ name, value }) => `${name} ${value}`);
    assert.deepEqual(names, [
      'birth-date 14.09.2015',
      'birth-date.2 11.12.1988',
      'issue-date 01.10.2015',
      'issue-date.2 03.09.2019',
    ]);
  });

  test('said twice, in figures and in words, are one field', () => {
    const fields = found(
      'родилась 29.02.1992, двадцать девятого февраля тысяча девятьсот девяносто второго года',
    );
    assert.deepEqual(Object.keys(fields), ['birth-date']);
  });

  test('in words are read, with the words beside them', () => {
    const words = 'двенадцатое марта две тысячи двадцать шестого года';
    assert.deepEqual(found(words).date, ['12.03.2026', 'none', words]);
    assert.equal(
      found('родилась двадцать девятого февраля тысяча девятьсот девяносто второго года')['birth-date']?.[0],
      '29.02.1992',
    );
    assert.equal(found('Первого января двухтысячного года').date?.[0], '01.01.2000');
    assert.equal(found('12 марта 2026 г.').date?.[0], '12.03.2026');
  });
});

describe('numerals', () => {
  test('every number up to ten thousand and some larger ones come back from their words', () => {
    for (let number = 0; number < 10_000; number++)
      assert.equal(readCardinal(inWords(number)), number, inWords(number).join(' '));
    for (const number of [187_215, 1_000_000, 2_012_403, 999_999_999, 1_002_000_003])
      assert.equal(readCardinal(inWords(number)), number);
  });

  test('words that do not fit behind each other are no number', () => {
    for (const words of ['пять шесть', 'десять один', 'сто двести', 'тысяча миллион', 'рубль', ''])
      assert.equal(readCardinal(words.match(/\S+/g) ?? []), undefined, words);
    assert.equal(readOrdinal(['двадцать', 'двадцатое']), undefined);
  });
});

describe('amounts', () => {
  test('that stand beside in words must agree with them', () => {
    assert.deepEqual(found('Цена 18 500 (восемнадцать тысяч пятьсот) рублей 00 коп').amount, [
      '18500.00',
      'passed',
    ]);
    assert.deepEqual(found('Цена 18 600 (восемнадцать тысяч пятьсот) рублей').amount, ['18600.00', 'failed']);
    assert.deepEqual(found('187 215 руб. (сто восемьдесят семь тысяч двести пятнадцать рублей)').amount, [
      '187215.00',
      'passed',
    ]);
    assert.deepEqual(found('187 215 руб. 70 коп.').amount, ['187215.70', 'none']);
  });

  test('may be parted by the end of a line, and have a unit in Latin letters or in short', () => {
    const sums = {
      'пени 2\n063 рубля 55 копеек': '2063.55',
      'Живёт в кв. 12\n500 руб. платит': '500.00',
      'составляет 71 308,55 py6.': '71308.55',
      'Уплачено 2000 р. 00 к.': '2000.00',
    };
    for (const [text, sum] of Object.entries(sums)) assert.equal(found(text).amount?.[0], sum, text);
    for (const text of ['063 рубля', 'д. 5 р. п. Лесной', 'дом 7 р. Вымысла'])
      assert.equal(found(text).amount, undefined, text);
  });
});

/** A number in words, nominative. */
function inWords(number: number): string[] {
  if (number === 0) return ['ноль'];
  const scales: [number, boolean, [string, string, string]][] = [
    [1_000_000_000, false, ['миллиард', 'миллиарда', 'миллиардов']],
    [1_000_000, false, ['миллион', 'миллиона', 'миллионов']],
    [1000, true, ['тысяча', 'тысячи', 'тысяч']],
  ];
  const words: string[] = [];
  let rest = number;
  for (const [scale, feminine, [one, few, many]] of scales) {
    const count = Math.floor(rest / scale);
    rest %= scale;
    if (count === 0) continue;
    const last = count % 100 > 10 && count % 100 < 20 ? 0 : count % 10;
    words.push(...below1000(count, feminine), last === 1 ? one : last > 1 && last < 5 ? few : many);
  }
  return [...words, ...below1000(rest, false)];
}

function below1000(number: number, feminine: boolean): string[] {
  const hundreds = 'сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот'.split(' ');
  const tens = 'двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто'.split(' ');
  const units =
    'один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать'.split(
      ' ',
    );
  const [hundred, rest] = [Math.floor(number / 100), number % 100];
  const [ten, unit] = rest < 20 ? [0, rest] : [Math.floor(rest / 10), rest % 10];
  const word = feminine && unit === 1 ? 'одна' : feminine && unit === 2 ? 'две' : units[unit - 1];
  return [hundreds[hundred - 1], tens[ten - 2], word].filter(each => each !== undefined);
}
