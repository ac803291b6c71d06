import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dictionary } from '../../ui/shared/dictionary.ts';
import { keyCodeOf, splitAtLetter } from '../../ui/shared/hotkeys.ts';
import { fill, pluralForm } from '../../ui/shared/plural.ts';

test('Russian counts take the form that fits them', () => {
  const people = dictionary.people.ru;
  assert.ok(typeof people !== 'string');
  const say = (count: number) => fill(pluralForm(people, count, 'ru'), { count });
  assert.deepEqual([0, 1, 2, 4, 5, 11, 12, 21, 22, 25, 101, 111].map(say), [
    '0 человек',
    '1 человек',
    '2 человека',
    '4 человека',
    '5 человек',
    '11 человек',
    '12 человек',
    '21 человек',
    '22 человека',
    '25 человек',
    '101 человек',
    '111 человек',
  ]);
});

test('an English count takes one or other', () => {
  const forms = { one: '{count} person', other: '{count} people' };
  assert.equal(pluralForm(forms, 1, 'en'), '{count} person');
  assert.equal(pluralForm(forms, 0, 'en'), '{count} people');
});

test('a value that is not given leaves no braces behind', () => {
  assert.equal(fill('Окно {window}: {number}', { window: '3' }), 'Окно 3: ');
});

test('every phrase asks for the same values in both languages', () => {
  const names = (phrase: string | object) => {
    const text = typeof phrase === 'string' ? phrase : Object.values(phrase).join(' ');
    return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(match => match[1]))].sort();
  };
  const keys = Object.entries(dictionary);
  assert.ok(keys.length > 100);
  for (const [key, phrase] of keys) assert.deepEqual(names(phrase.ru), names(phrase.en), key);
});

test('every Russian phrase with plural forms has all that Russian needs', () => {
  for (const [key, { ru }] of Object.entries(dictionary))
    if (typeof ru !== 'string')
      assert.deepEqual(Object.keys(ru).sort(), ['few', 'many', 'one', 'other'], key);
});

test('Alt and a letter is one key in both keyboard layouts', () => {
  assert.equal(keyCodeOf('П'), 'KeyG');
  assert.equal(keyCodeOf('н'), 'KeyY');
  assert.equal(keyCodeOf('R'), 'KeyR');
  assert.deepEqual(splitAtLetter('Повторить вызов', 'п'), ['', 'П', 'овторить вызов']);
  assert.equal(splitAtLetter('Finish', 'з'), null);
});
