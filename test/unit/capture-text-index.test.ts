import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createTextIndex, textIndexSchema } from '../../device/capture/text-index.ts';

function index() {
  const database = new DatabaseSync(':memory:');
  database.exec(textIndexSchema);
  database.exec(textIndexSchema);
  const texts = createTextIndex(database);
  texts.put('d1', 'c1', [
    'ЗАЯВЛЕНИЕ\nПрошу выдать справку',
    'о регистрации. СНИЛС 112-233-445 95, тел. +7 (900) 000-11-22',
  ]);
  texts.put('d2', 'c1', [
    'Договор найма. Наймодатель Соловьёва Проба Тестовна передаёт помещение в Новосибирске.',
  ]);
  texts.put('d3', 'c2', ['The contract between Sample Ltd and Соловьев Тест']);
  const ids = (query: string) =>
    texts
      .search(query, 10)
      .map(hit => hit.documentId)
      .sort();
  return { database, texts, ids };
}

test('forms of a word, capitals and ё make no difference', () => {
  const { ids } = index();
  assert.deepEqual(ids('заявления'), ['d1']);
  assert.deepEqual(ids('СПРАВКЕ'), ['d1']);
  assert.deepEqual(ids('договоры'), ['d2']);
  assert.deepEqual(ids('новосибирск'), ['d2']);
  assert.deepEqual(ids('передает'), ['d2']);
  assert.deepEqual(ids('Contracts'), ['d3']);
});

test('a surname is found in both genders and from its beginning', () => {
  const { ids } = index();
  assert.deepEqual(ids('Соловьев'), ['d2', 'd3']);
  assert.deepEqual(ids('соловьёва'), ['d2', 'd3']);
  assert.deepEqual(ids('Новосиб'), ['d2']);
});

test('all words must be there, on whichever page', () => {
  const { ids } = index();
  assert.deepEqual(ids('справка регистрация'), ['d1']);
  assert.deepEqual(ids('справка договор'), []);
});

test('numbers are found however they are typed', () => {
  const { ids } = index();
  for (const query of ['112-233-445 95', '11223344595', '112 233 445 95', '+79000001122', '233-445']) {
    assert.deepEqual(ids(query), ['d1'], query);
  }
});

test('a word with a Latin letter read into it is found', () => {
  const { texts, ids } = index();
  texts.put('d4', 'c3', ['Кaдастровый нoмер']);
  assert.deepEqual(ids('кадастровый номер'), ['d4']);
});

test('no text that a person types breaks the query', () => {
  const { texts } = index();
  for (const query of [
    '"',
    'a AND',
    'NOT',
    '(((',
    'words:x',
    '*',
    '-',
    '^а',
    "' or 1=1 --",
    '🙂',
    'NEAR(а б',
    '',
    '   ',
    '«»',
    'а'.repeat(5000),
  ]) {
    assert.ok(Array.isArray(texts.search(query, 5)), query);
  }
});

test('the snippet marks the hits and nothing else', () => {
  const { texts } = index();
  assert.equal(texts.search('справкой', 1)[0]?.snippet.includes('[справку]'), true);
  texts.put('d5', 'c3', [`[скобки] ${'слово '.repeat(100)} искомое место ${'слово '.repeat(100)}`]);
  const [hit] = texts.search('искомого места', 1);
  assert.match(hit?.snippet ?? '', /^… .*\[искомое\] \[место\].* …$/);
  assert.ok((hit?.snippet.length ?? 0) < 220);
  assert.equal(texts.search('скобки', 1)[0]?.snippet.startsWith('([скобки])'), true);
});

test('putting a document again replaces it, and removing it forgets it', () => {
  const { texts, ids } = index();
  texts.put('d1', 'c1', ['совсем другое']);
  assert.deepEqual(ids('справка'), []);
  assert.deepEqual(ids('другого'), ['d1']);
  texts.remove('d1');
  texts.remove('unknown');
  assert.deepEqual(ids('другого'), []);
});

test('a change takes part in the transaction around it', () => {
  const { database, texts, ids } = index();
  database.exec('begin');
  texts.put('d9', 'c9', ['мимолётное']);
  assert.deepEqual(ids('мимолетное'), ['d9']);
  database.exec('rollback');
  assert.deepEqual(ids('мимолетное'), []);
});
