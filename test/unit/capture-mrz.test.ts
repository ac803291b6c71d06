import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkDigit } from '../../device/capture/fields/mrz/check-digit.ts';
import { findFields } from '../../device/capture/fields.ts';
import { singleErrors, transpositions } from '../fixtures/digit-errors.ts';
import { digit, passportLines, passports } from '../fixtures/passport-zone.ts';
import { page } from '../fixtures/word-pages.ts';

const today = new Date('2026-11-22T09:00:00.000Z');
const found = (...lines: string[]): Record<string, [value: string, check: string, read?: string]> =>
  Object.fromEntries(
    findFields([page(lines.join('\n'))], today).map(({ name, value, check, read }) => [
      name,
      read === undefined ? [value, check] : [value, check, read],
    ]),
  );
const [passport] = passports;
assert.ok(passport);
const [first, second] = passportLines(passport);

describe('the Russian internal passport', () => {
  for (const each of passports)
    test(`is read back from its lines: ${each.name}`, () => {
      assert.deepEqual(found('Какой-то текст', ...passportLines(each), 'и ещё'), {
        'full-name': [each.name, 'none'],
        'birth-date': [each.born, 'passed'],
        passport: [each.number, 'passed'],
        'issue-date': [each.issued, 'passed'],
        'department-code': [each.department, 'passed'],
      });
    });

  test('is read through spaces, other fillers, Cyrillic letters and noise between the lines', () => {
    const drawn = first.replace('<<', '«').replace('PNRUS', 'РNRUS ').replace(/<<$/, 'KK');
    const numbers = second.replace('<<<<<<<', '‹‹‹ ‹‹‹‹').replace('RUS', ' RUS ');
    const fields = found(drawn, '— . —', numbers);
    assert.deepEqual(fields.passport, [passport.number, 'passed']);
    assert.deepEqual(fields['full-name'], [passport.name, 'none']);
  });

  test('is read when the engine miscounted fillers', () => {
    for (const wrong of [first.slice(0, -5), `${first}<<`])
      for (const numbers of [second.replace('<<<<<<<', '<<<<<'), second.replace('<<<<<<<', '<<<<<<<<<')])
        assert.deepEqual(found(wrong, numbers).passport, [passport.number, 'passed'], `${wrong} ${numbers}`);
  });

  test('is read from its second line alone, when four check digits prove it', () => {
    assert.deepEqual(found(second).passport, [passport.number, 'passed']);
    assert.equal(found(second)['full-name'], undefined);
  });

  test('the second line of a visa is enough too, when its number and both dates prove it', () => {
    const line = 'L8988901C4XXX7408122F9612109ZE184226B<<<<<<<';
    assert.deepEqual(found('У<ОТОЕРИК<<АННА', line)['travel-document'], ['L8988901C', 'passed']);
    for (const wrong of singleErrors(line.slice(0, 28)))
      assert.equal(found(wrong + line.slice(28))['travel-document'], undefined, wrong);
  });

  test('the printed name comes before the one in the lines', () => {
    const printed = 'Фамилия ПРИМЕРОВ\nИмя ТЕСТ\nОтчество ОБРАЗЦОВИЧ';
    assert.deepEqual(found(printed, first.replace('TEST', 'TE5T'), second)['full-name'], [
      'Примеров Тест Образцович',
      'none',
    ]);
  });

  test('a digit that is no sign of the alphabet is the letter it looks like, and is shown', () => {
    assert.deepEqual(found(first.replace('PROV', 'PR0V').replace('TEST', 'TE5T'), second)['full-name'], [
      'Примеров Тест Образцович',
      'none',
      'PRIMEROV TE5T OBRAZCOVI3',
    ]);
  });
});

describe('check digits', () => {
  test('catch every single wrong digit of number, dates and personal part', () => {
    for (const each of passports) {
      const [name, numbers] = passportLines(each);
      for (const wrong of singleErrors(numbers)) {
        const fields = found(name, wrong);
        const passed = Object.entries(fields).filter(([, [, check]]) => check === 'passed');
        const truth: Record<string, string> = {
          ...{ 'birth-date': each.born, passport: each.number },
          ...{ 'issue-date': each.issued, 'department-code': each.department },
        };
        for (const [field, [value]] of passed) assert.equal(value, truth[field], wrong);
      }
    }
  });

  test('miss neighbours that changed places exactly when they differ by 5', () => {
    const number = '1638502749';
    const missed = transpositions(number).filter(({ wrong }) => checkDigit(wrong) === checkDigit(number));
    const differBy5 = transpositions(number).filter(
      ({ pair: [a, b] }) => Math.abs(Number(a) - Number(b)) === 5,
    );
    assert.ok(missed.length > 0);
    assert.deepEqual(missed, differBy5);
  });

  test('are those of Doc 9303', () => {
    assert.deepEqual(['520727', 'AB2134<<<', 'L898902C3'].map(checkDigit), ['3', '5', '6']);
    assert.equal(String(digit('L898902C3')), '6');
  });

  test('prove letters read for digits, and what stood there is shown', () => {
    const read = second.replace('0', 'O').replace('1', 'I');
    const fields = found(first, read);
    assert.equal(fields.passport?.[0], passport.number);
    assert.equal(fields.passport?.[1], 'passed');
    assert.ok(fields.passport?.[2]?.includes('I'));
  });

  test('prove nothing where another digit stands: the value stays as it was read', () => {
    const wrong = `8${second.slice(1)}`;
    assert.deepEqual(found(first, wrong).passport, [`8${passport.number.slice(1)}`, 'failed']);
  });
});

describe('ICAO documents (the specimens of Doc 9303)', () => {
  const anna = ['ERIKSSON ANNA MARIA', 'none'];
  const specimens: [what: string, lines: string[], number: string, citizenship: string, until: string][] = [
    [
      'TD3, passport',
      ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
      ...(['L898902C3', 'UTO', '15.04.2012'] as const),
    ],
    [
      'TD2, card',
      ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'],
      ...(['D23145890', 'UTO', '15.04.2012'] as const),
    ],
    [
      'TD1, card',
      ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'],
      ...(['D23145890', 'UTO', '15.04.2012'] as const),
    ],
    [
      'MRV-A, visa',
      ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L8988901C4XXX7408122F9612109ZE184226B<<<<<<<'],
      ...(['L8988901C', 'XXX', '10.12.2096'] as const),
    ],
    [
      'MRV-B, visa',
      ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX7408122F9612109<<<<<<<<'],
      ...(['L8988901C', 'XXX', '10.12.2096'] as const),
    ],
  ];
  for (const [what, lines, number, citizenship, until] of specimens) {
    test(`${what} is read`, () => {
      assert.deepEqual(found('PASSPORT', ...lines), {
        'latin-name': anna,
        'birth-date': ['12.08.1974', 'passed'],
        'travel-document': [number, 'passed'],
        citizenship: [citizenship, 'none'],
        'valid-until': [until, 'passed'],
      });
    });

    test(`${what}: every wrong digit of the number is caught`, () => {
      const at = lines.findIndex(line => line.includes(number));
      for (const wrong of singleErrors(number)) {
        const changed = lines.map((line, index) => (index === at ? line.replace(number, wrong) : line));
        assert.notEqual(found(...changed)['travel-document']?.[1], 'passed', wrong);
      }
    });
  }

  test('a letter for a digit in a number that may hold both is mended only when one way is left', () => {
    const [, [name = '', numbers = '']] = [0, specimens[0]?.[1] ?? []] as const;
    assert.deepEqual(found(name, numbers.replace('L898902C3', 'L8989O2C3'))['travel-document'], [
      'L898902C3',
      'passed',
      'L8989O2C3',
    ]);
  });
});

test('text and tables of figures are no zone', () => {
  const table = Array.from({ length: 6 }, (_, at) => `40817810${at}00000000000 30101810${at}00000000000 000`);
  assert.equal(found(...table)['birth-date'], undefined);
  assert.deepEqual(
    found('ОЧЕНЬ ДЛИННОЕ НАЗВАНИЕ ВЕДОМСТВА ПО ОБЛАСТИ', 'И ЕЩЁ ОДНА СТРОКА ЗАГЛАВНЫХ БУКВ ПОДРЯД'),
    {},
  );
});
