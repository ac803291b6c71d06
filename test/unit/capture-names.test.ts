import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { printName, readName } from '../../device/capture/names/full-name.ts';
import {
  type Case,
  cases,
  decline,
  type Gender,
  type NamePart,
} from '../../device/capture/names/paradigms.ts';
import { nominativeOf, sameName } from '../../device/capture/names/same-name.ts';

/** Invented people of every paradigm: surname, given name, patronymic. */
const men = `Примеров Пётр Образцович, Макетин Иван Шаблонович, Образцовский Павел Петрович, Пробный Лев Львович,
Эталонский-Тестов Юрий Юрьевич, Черновой Никита Ильич, Зимний Илья Фомич, Рыжий Игорь Игоревич, Пробук Антон Антонович,
Шаблонюк Сергей Сергеевич, Тестенко Андрей Андреевич, Образцовых Дмитрий Дмитриевич, Макетидзе Георгий Георгиевич,
Пробаль Алексей Алексеевич, Эталонай Матвей Матвеевич, Пробка Василий Васильевич, Тестава Даниил Даниилович,
Шаблоня Кузьма Кузьмич, Примерович Абдул Ахмед оглы, Образцец Олег Олегович, Макетич Марк Маркович`;
const women = `Примерова Анна Образцовна, Макетина Мария Шаблоновна, Образцовская Наталья Петровна, Пробная Любовь Львовна,
Эталонская-Тестова Юлия Юрьевна, Черновая Ольга Ильинична, Зимняя Зоя Фоминична, Рыжая Галина Игоревна,
Пробук Ирина Антоновна, Шаблонюк Вероника Сергеевна, Тестенко Дарья Андреевна, Образцовых Инга Дмитриевна,
Макетидзе Нина Георгиевна, Пробаль Алина Алексеевна, Пробка Раиса Васильевна, Тестава Ева Данииловна,
Шаблоня Софья Кузьминична, Примерович Лейла Ахмед кызы, Синицына Гюзель Маратовна`;

const people: { name: string; gender: Gender }[] = [
  ...men.split(/,\s+/).map(name => ({ name, gender: 'male' as const })),
  ...women.split(/,\s+/).map(name => ({ name, gender: 'female' as const })),
];

function inCase(name: string, gender: Gender, wanted: Case): string {
  const parts: NamePart[] = ['surname', 'given', 'patronymic'];
  const turkic = /оглы|кызы/.test(name);
  return name
    .toLowerCase()
    .split(' ')
    .map((word, at) => {
      const part = parts[at];
      if (part === undefined || (turkic && part === 'patronymic')) return word;
      return word
        .split('-')
        .map(half => decline(half.replaceAll('ё', 'е'), part, gender, wanted))
        .join('-');
    })
    .join(' ');
}

describe('a name in any of six cases', () => {
  for (const { name, gender } of people)
    test(`is known again: ${name}`, () => {
      for (const wanted of cases) {
        const form = inCase(name, gender, wanted);
        assert.equal(sameName(form, name), 'same', `${wanted}: ${form}`);
        assert.ok(
          readName(form).some(reading => printName(reading, name) === name || reading.gender === gender),
          form,
        );
      }
    });

  test('is no other person of the table', () => {
    for (const one of people)
      for (const other of people)
        if (one !== other)
          for (const wanted of cases)
            assert.notEqual(
              sameName(inCase(one.name, one.gender, wanted), other.name),
              'same',
              `${one.name} in ${wanted} and ${other.name}`,
            );
  });

  test('has the endings that grammars give', () => {
    const forms = (name: string, gender: Gender) => cases.map(wanted => inCase(name, gender, wanted));
    assert.deepEqual(forms('Примеров Петр Фомич', 'male'), [
      'примеров петр фомич',
      'примерова петра фомича',
      'примерову петру фомичу',
      'примерова петра фомича',
      'примеровым петром фомичем',
      'примерове петре фомиче',
    ]);
    assert.deepEqual(forms('Пробная Любовь Ильинична', 'female'), [
      'пробная любовь ильинична',
      'пробной любови ильиничны',
      'пробной любови ильиничне',
      'пробную любовь ильиничну',
      'пробной любовью ильиничной',
      'пробной любови ильиничне',
    ]);
    assert.equal(inCase('Тестенко Павел Львович', 'male', 'dative'), 'тестенко павлу львовичу');
    assert.equal(inCase('Пробук Мария Львовна', 'female', 'dative'), 'пробук марии львовне');
  });
});

test('«Иванову Петру Сергеевичу» is «Иванов Пётр Сергеевич», in either order of words, ё or е', () => {
  assert.equal(sameName('Иванову Петру Сергеевичу', 'Иванов Пётр Сергеевич'), 'same');
  assert.equal(sameName('Петром Сергеевичем Ивановым', 'ИВАНОВ ПЕТР СЕРГЕЕВИЧ'), 'same');
  assert.equal(sameName('Абрамович Тест Тестович', 'Абрамовичу Тесту Тестовичу'), 'same');
});

test('another surname, given name or patronymic differs, also of husband and wife', () => {
  const name = 'Примеров Пётр Образцович';
  for (const other of [
    'Макетов Пётр Образцович',
    'Примеров Павел Образцович',
    'Примеров Пётр Шаблонович',
    'Примерова Анна Образцовна',
    'Примеровой Анне Образцовне',
  ])
    assert.equal(sameName(name, other), 'differs', other);
});

test('what is open stays open', () => {
  for (const [one, other] of [
    ['Примеров Пётр', 'Примеров Пётр Образцович'],
    ['Примеров П. О.', 'Примеров Пётр Образцович'],
    ['Примерова Валентина', 'Примеров Валентин'],
    ['Макетова Наталия Тестовна', 'Макетова Наталья Тестовна'],
    ['Макетова Анна Тестовна', 'Макетава Анна Тестовна'],
  ] as const)
    assert.equal(sameName(one, other), 'unsure', `${one}, ${other}`);
  assert.equal(sameName('Примеров М. О.', 'Примеров Пётр Образцович'), 'differs');
});

describe('the nominative', () => {
  test('is offered when one reading is left, and keeps the ё that was read', () => {
    assert.equal(nominativeOf('Примерову Павлу Сергеевичу'), 'Примеров Павел Сергеевич');
    assert.equal(nominativeOf('Макетовой-Пробной Анны Петровны'), 'Макетова-Пробная Анна Петровна');
    assert.equal(nominativeOf('Соловьёвой Марии Фёдоровны'), 'Соловьёва Мария Фёдоровна');
    assert.equal(nominativeOf('Тестенко Ивану Ильичу'), 'Тестенко Иван Ильич');
  });

  test('is not guessed: rare given names, two possible surnames, a name that may be in it already', () => {
    for (const name of [
      'Примерова Вымысла Образцовича',
      'Яровой Анны Петровны',
      'Кравца Ивана Петровича',
      'Примеров Пётр Сергеевич',
      'Примерова Анна',
    ])
      assert.equal(nominativeOf(name), undefined, name);
  });
});
