import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFields } from '../../device/capture/fields.ts';
import { singleErrors } from '../fixtures/digit-errors.ts';
import { page } from '../fixtures/word-pages.ts';

const today = new Date('2026-11-22T09:00:00.000Z');
function found(text: string): Record<string, [string, string]> {
  return Object.fromEntries(
    findFields([page(text)], today).map(({ name, value, check }) => [name, [value, check]]),
  );
}

test('a СНИЛС with a wrong check digit on the page is kept and marked, never passed', () => {
  for (const wrong of singleErrors('11223344595')) {
    const printed = `${wrong.slice(0, 3)}-${wrong.slice(3, 6)}-${wrong.slice(6, 9)} ${wrong.slice(9)}`;
    assert.deepEqual(found(`СНИЛС ${printed}`).snils, [printed, 'failed']);
  }
});

test('old СНИЛС below 001-001-998 have nothing to check', () => {
  assert.deepEqual(found('СНИЛС 001-001-998 00').snils, ['001-001-998 00', 'none']);
});

test('a letter in the place of a digit is shown beside the digit, and the check digits judge it', () => {
  const [mended] = findFields([page('СНИЛС: 2ОО-3ОО-4О1 49')], today);
  assert.deepEqual([mended?.value, mended?.read], ['200-300-401 49', '2ОО-3ОО-4О1 49']);
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
});

test('a nominative is offered only when it is certain, with what stood there beside it', () => {
  const name = (text: string) => {
    const [field] = findFields([page(text)], today);
    return [field?.value, field?.read];
  };
  assert.deepEqual(name('от Примеровой Анны Тестовны'), [
    'Примерова Анна Тестовна',
    'Примеровой Анны Тестовны',
  ]);
  assert.deepEqual(name('от Примерова Вымысла Образцовича'), ['Примерова Вымысла Образцовича', undefined]);
});

test('a label is no name, with a small letter or a misread one too', () => {
  assert.equal(
    found('Фамилия ПРИМЕРОВ\nИмя ТЕСТ\nОтчесво ОБРАЗЦОВИЧ')['full-name']?.[0],
    'Примеров Тест Образцович',
  );
  assert.equal(found('ТЕСТ\nОтчесво ОБРАЗЦОВИЧ')['full-name'], undefined);
  assert.equal(
    found('Фамилия ПРИМЕРОВ\nимя ТЕСТ\nОтчество ОБРАЗЦОВИЧ')['full-name']?.[0],
    'Примеров Тест Образцович',
  );
  assert.equal(found('имa ТЕСТ\nОтчество ОБРАЗЦОВИЧ')['full-name'], undefined);
});

test('letterheads are no names', () => {
  assert.equal(
    found('1 Фамилия МАКЕТОВА\n2 Имя ПРОБА\n3 Отчество (при наличии) ШАБЛОНОВНА')['full-name']?.[0],
    'Макетова Проба Шаблоновна',
  );
  assert.equal(
    found(
      'Макетова\nфамилия\nПроба Шаблоновна\nимя, отчество\nгражданин России\nМать Макетова Вёрстка Абзацевна',
    )['full-name']?.[0],
    'Макетова Проба Шаблоновна',
  );
  assert.equal(found('Паспорт выдан\nОТДЕЛОМ ВНУТРЕННИХ ДЕЛ')['full-name'], undefined);
  assert.equal(found('паспорт серия 99 10 номер 123456').passport?.[0], '9910 123456');
  assert.equal(found('паспорт 99 10 № 123 456, к/п 990-011').passport?.[0], '9910 123456');
  assert.equal(found('паспорт 99 10 № 123 456, к/п 990-011')['department-code']?.[0], '990-011');
  assert.equal(found('ПОЛИС СЕРИЯ ХХХ № 0410123456').passport, undefined);
  assert.equal(found('ЗАЯВЛЕНИЕ\nПрошу выдать справку')['full-name'], undefined);
  assert.equal(found('Выдана: Управление Записи Образцовска')['full-name'], undefined);
});

test('telephones, addresses, document numbers and sums get one spelling', () => {
  const fields = found(
    'Договор № 17-Т/2026 телефон: 8 (900) 000-11-22\nАдрес: 344000, г. Образцовск,\nул. Тестовая, д. 1\nПлата 18 500,00 руб. в месяц',
  );
  assert.equal(fields.number?.[0], '17-Т/2026');
  assert.equal(fields.phone?.[0], '+7 900 000-11-22');
  assert.equal(found('Телефон 8-900-\n000-11-22').phone?.[0], '+7 900 000-11-22');
  assert.equal(fields.address?.[0], '344000, г. Образцовск, ул. Тестовая, д. 1');
  assert.equal(fields.amount?.[0], '18500.00');
  assert.equal(found('К оплате 4630 руб. 28 kon.').amount?.[0], '4630.28', 'the engine took it for Latin');
});

test('a field has the box of its words and the confidence of the weakest', () => {
  const [field] = findFields([page('пусто'), page('ваш СНИЛС 112-233-445 95')], today);
  assert.equal(field?.confidence, 87);
  assert.equal(field?.box?.page, 1);
  assert.equal(field?.box?.x, 0.2);
  assert.ok(Math.abs((field?.box?.width ?? 0) - 0.19) < 1e-9);
});

test('a value that stands on several pages is one field, and names stay unique', () => {
  const fields = findFields([page('от 01.02.2026 и 02.02.2026'), page('от 02.02.2026 и 03.02.2026')], today);
  assert.deepEqual(
    fields.map(field => field.name),
    ['date', 'date.2', 'date.3'],
  );
});

test('text full of cues and digits takes no time worth noticing', () => {
  const text = `${'Адрес: '.repeat(3000)}${'112-'.repeat(4000)}${'А'.repeat(20_000)} № ${'1'.repeat(20_000)}`;
  assert.ok(Array.isArray(findFields([page(text)], today)));
});

test('a sheet full of numbers costs no more than its length: it is no way to keep the box busy', () => {
  const rows = 60;
  const words = Array.from({ length: rows * 10 }, (_, at) => ({
    text: ['12', '34', '567890'][at % 3] ?? '',
    confidence: 90,
    line: Math.floor(at / 10),
    box: { x: (at % 10) / 10, y: Math.floor(at / 10) / rows, width: 0.09, height: 0.003 },
  }));
  let looks = 0;
  const counted = new Proxy(words, {
    get: (target, name) => {
      looks++;
      return Reflect.get(target, name) as unknown;
    },
  });
  findFields([{ words: counted }], today);
  // Two hundred numbers: each may look over the page, and not at the page for each of its lines.
  assert.ok(looks < 3_000_000, `${looks} words were looked at`);
});
