import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkInn, checkSnils } from '../../device/capture/fields/check-digits.ts';
import { findFields } from '../../device/capture/fields.ts';
import { people } from '../fixtures/people.ts';

/** A page of one word per token, 10 % of the page wide, a line per text line. */
function page(text: string) {
  const words = text.split('\n').flatMap((line, number) =>
    line.split(' ').map((word, at) => ({
      text: word,
      confidence: 90 - at,
      line: number,
      box: { x: at / 10, y: number / 10, width: 0.09, height: 0.05 },
    })),
  );
  return { words };
}

function found(text: string): Record<string, [string, string]> {
  return Object.fromEntries(findFields([page(text)]).map(({ name, value, check }) => [name, [value, check]]));
}

/** Every text that differs from `digits` in exactly one digit. */
function singleErrors(digits: string): string[] {
  return [...digits].flatMap((digit, at) =>
    [...'0123456789']
      .filter(other => other !== digit)
      .map(other => digits.slice(0, at) + other + digits.slice(at + 1)),
  );
}

test('every single wrong digit of a СНИЛС is caught', () => {
  for (const { snils } of people) {
    const digits = snils.replace(/\D/g, '');
    assert.equal(checkSnils(digits), 'passed');
    for (const wrong of singleErrors(digits)) assert.notEqual(checkSnils(wrong), 'passed', wrong);
  }
});

test('every single wrong digit of an ИНН of a person or an organisation is caught', () => {
  for (const inn of [...people.map(person => person.inn), '9900123467']) {
    assert.equal(checkInn(inn), 'passed', inn);
    for (const wrong of singleErrors(inn)) assert.equal(checkInn(wrong), 'failed', wrong);
  }
});

test('numbers in the blind spot of both schemes are known: one wrong digit passes there', () => {
  assert.deepEqual([checkInn('9900123450'), checkInn('4900123450')], ['passed', 'passed']);
  assert.deepEqual([checkSnils('08765430300'), checkSnils('08765430200')], ['passed', 'passed']);
});

test('a СНИЛС with a wrong check digit on the page is kept and marked, never passed', () => {
  for (const wrong of singleErrors('11223344595')) {
    const printed = `${wrong.slice(0, 3)}-${wrong.slice(3, 6)}-${wrong.slice(6, 9)} ${wrong.slice(9)}`;
    assert.deepEqual(found(`СНИЛС ${printed}`).snils, [printed, 'failed']);
  }
});

test('old СНИЛС below 001-001-998 have nothing to check', () => {
  assert.deepEqual(found('СНИЛС 001-001-998 00').snils, ['001-001-998 00', 'none']);
});

test('a nought read as a letter is mended only as far as the check digits agree', () => {
  assert.deepEqual(found('СНИЛС: 2ОО-3ОО-4О1 49').snils, ['200-300-401 49', 'passed']);
  assert.deepEqual(found('СНИЛС: 2ОО-3ОО-4О1 48').snils, ['200-300-401 48', 'failed']);
});

test('ten digits are an ИНН only where the page says so', () => {
  assert.deepEqual(found('ИНН: 9900123467').inn, ['9900123467', 'passed']);
  assert.equal(found('счёт 9900123467').inn, undefined);
  assert.equal(found('ОГРН 1029900123467 банк').inn, undefined);
});

test('the ИНН of the person comes before that of the letterhead', () => {
  const fields = found('ООО ИНН 9900123467\nВыдана\nИНН: 990012345668');
  assert.deepEqual(fields.inn, ['990012345668', 'passed']);
  assert.deepEqual(fields['inn.2'], ['9900123467', 'passed']);
});

test('a name behind its cue is found, on one line or on three', () => {
  assert.deepEqual(found('ФИО: Примеров Тест Образцович')['full-name'], ['Примеров Тест Образцович', 'none']);
  assert.deepEqual(
    found('Ф.И.О. ПРИМЕРОВ\nТЕСТ\nОБРАЗЦОВИЧ\nДата рождения')['full-name']?.[0],
    'Примеров Тест Образцович',
  );
  assert.deepEqual(
    found('Фамилия Макетова\nИмя Проба\nОтчество Шаблоновна')['full-name']?.[0],
    'Макетова Проба Шаблоновна',
  );
});

test('the name beside the signature is preferred to the genitive after «от»', () => {
  const text = 'от Макетовой Пробы Шаблоновны,\nпрошу\nМакетова Проба Шаблоновна';
  assert.equal(found(text)['full-name']?.[0], 'Макетова Проба Шаблоновна');
  assert.equal(found('от Примерова Теста Образцовича')['full-name']?.[0], 'Примерова Теста Образцовича');
});

test('letterheads are no names', () => {
  assert.equal(found('ЗАЯВЛЕНИЕ\nПрошу выдать справку')['full-name'], undefined);
  assert.equal(found('Выдана: Управление Записи Образцовска')['full-name'], undefined);
});

test('dates are told apart from birth dates, and impossible ones are marked', () => {
  const fields = found('дата рождения: 29.02.1992,\nвыдано 31.02.2026 и 5 мая 2026 года');
  assert.deepEqual(fields['birth-date'], ['29.02.1992', 'none']);
  assert.deepEqual(fields.date, ['31.02.2026', 'failed']);
  assert.deepEqual(fields['date.2'], ['05.05.2026', 'none']);
});

test('telephones, addresses, document numbers and sums get one spelling', () => {
  const fields = found(
    'Договор № 17-Т/2026 телефон: 8 (900) 000-11-22\nАдрес: 344000, г. Образцовск,\nул. Тестовая, д. 1\nПлата 18 500,00 руб. в месяц',
  );
  assert.equal(fields.number?.[0], '17-Т/2026');
  assert.equal(fields.phone?.[0], '+7 900 000-11-22');
  assert.equal(fields.address?.[0], '344000, г. Образцовск, ул. Тестовая, д. 1');
  assert.equal(fields.amount?.[0], '18500.00');
});

test('a field has the box of its words and the confidence of the weakest', () => {
  const [field] = findFields([page('пусто'), page('ваш СНИЛС 112-233-445 95')]);
  assert.equal(field?.confidence, 87);
  assert.equal(field?.box?.page, 1);
  assert.equal(field?.box?.x, 0.2);
  assert.ok(Math.abs((field?.box?.width ?? 0) - 0.19) < 1e-9);
});

test('a value that stands on several pages is one field, and names stay unique', () => {
  const fields = findFields([page('от 01.02.2026 и 02.02.2026'), page('от 02.02.2026 и 03.02.2026')]);
  assert.deepEqual(
    fields.map(field => field.name),
    ['date', 'date.2', 'date.3'],
  );
});

test('text full of cues and digits takes no time worth noticing', () => {
  const text = `${'Адрес: '.repeat(3000)}${'112-'.repeat(4000)}${'А'.repeat(20_000)} № ${'1'.repeat(20_000)}`;
  assert.ok(Array.isArray(findFields([page(text)])));
});
