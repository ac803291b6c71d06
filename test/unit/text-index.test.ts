import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createTextIndex, type TextFilter } from '../../platform/text-index/text-index.ts';

function index() {
  const texts = createTextIndex(new DatabaseSync(':memory:'));
  let puts = 0;
  const put = (documentId: string, caseId: string, pages: string[], kind = 'other', day = '2026-11-22') =>
    texts.put({ documentId, caseId, kind, day, version: String(++puts), pages });
  put(
    'd1',
    'c1',
    ['ЗАЯВЛЕНИЕ\nПрошу выдать справку', 'о регистрации. СНИЛС 112-233-445 95, тел. +7 (900) 000-11-22'],
    'application',
    '2026-03-01',
  );
  put(
    'd2',
    'c1',
    ['Договор найма. Наймодатель Соловьёва Проба Тестовна передаёт помещение в Новосибирске.'],
    'contract',
    '2026-10-31',
  );
  put('d3', 'c2', ['The contract between Sample Ltd and Соловьев Тест'], 'contract', '2026-11-01');
  const ids = (query: string, filter: TextFilter = {}) =>
    texts
      .search(query, filter, 10)
      .map(hit => hit.documentId)
      .sort();
  return { texts, put, ids };
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

test('words in quotation marks must stand side by side, in any form', () => {
  const { ids } = index();
  assert.deepEqual(ids('«договор найм»'), ['d2']);
  assert.deepEqual(ids('"найма договор"'), []);
  assert.deepEqual(ids('помещение "договору найма"'), ['d2']);
  assert.deepEqual(ids('найма договор'), ['d2']);
});

test('where the words stand side by side comes first, then the newest', () => {
  const { texts, put } = index();
  put('d4', 'c3', ['Договор подписан. Срок найма год.']);
  put('d5', 'c3', ['Найм помещения без договора']);
  const order = texts.search('договор найма', {}, 10).map(hit => hit.documentId);
  assert.deepEqual(order, ['d2', 'd5', 'd4']);
  assert.equal(texts.search('договор найма', {}, 2).length, 2);
});

test('numbers are found however they are typed', () => {
  const { ids } = index();
  for (const query of ['112-233-445 95', '11223344595', '112 233 445 95', '+79000001122', '233-445']) {
    assert.deepEqual(ids(query), ['d1'], query);
  }
});

test('what recognition confuses is found either way: 0 and О, З and 3, l and 1', () => {
  const { put, ids } = index();
  put('d4', 'c3', ['3аявление N 1О3-З7 от l2 марта, СНИЛС 1l2-2ЗЗ-445 9S']);
  put('d5', 'c3', ['OOO «Проба», договор 103-37', 'счёт 40702810']);
  put('d6', 'c3', ['000 «Образец»']);
  assert.deepEqual(ids('заявление'), ['d1', 'd4']);
  assert.deepEqual(ids('103-37'), ['d4', 'd5']);
  assert.deepEqual(ids('1О3'), ['d4', 'd5']);
  assert.deepEqual(ids('12 марта'), ['d4']);
  assert.deepEqual(ids('112-233-445 95'), ['d1', 'd4']);
  // d1 has the telephone 000-11-22: the price of it.
  assert.deepEqual(ids('ООО'), ['d1', 'd5', 'd6']);
  assert.deepEqual(ids('4О7О2810'), ['d5']);
});

test('a word with a Latin letter read into it is found', () => {
  const { put, ids } = index();
  put('d4', 'c3', ['Кaдастровый нoмер']);
  assert.deepEqual(ids('кадастровый номер'), ['d4']);
});

test('case, kind and days narrow down what is found', () => {
  const { ids } = index();
  assert.deepEqual(ids('соловьев', { caseId: 'c2' }), ['d3']);
  assert.deepEqual(ids('соловьев', { kind: 'contract' }), ['d2', 'd3']);
  assert.deepEqual(ids('соловьев', { kind: 'application' }), []);
  assert.deepEqual(ids('соловьев', { from: '2026-11-01', to: '2026-11-30' }), ['d3']);
  assert.deepEqual(ids('соловьев', { from: '2026-10-31', to: '2026-11-01' }), ['d2', 'd3']);
  assert.deepEqual(ids('соловьев', { from: '2026-11-02' }), []);
  assert.deepEqual(ids('соловьев', { from: '2000-01-01', to: '2026-10-31' }), ['d2']);
  assert.deepEqual(ids('соловьев', { from: '2026-12-01', to: '2026-01-01' }), []);
  assert.deepEqual(ids('contract kindcontract'), [], 'nobody types a mark');
});

test('no text that a person types breaks the query', () => {
  const { texts } = index();
  for (const query of [
    '"',
    '«',
    '"""',
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
    'а '.repeat(5000),
  ]) {
    assert.ok(Array.isArray(texts.search(query, {}, 5)), query);
    assert.ok(Array.isArray(texts.search('справка', { kind: query, caseId: query }, 5)), query);
  }
  assert.deepEqual(texts.search('  !? ', {}, 5), []);
});

test('a snippet shows the hits and their page, and a bracket of the text is no mark', () => {
  const { texts, put } = index();
  put('d4', 'c3', [
    `${'слово '.repeat(40)}`,
    `${'слово '.repeat(40)}[важная] отметка ${'слово '.repeat(40)}`,
  ]);
  assert.deepEqual(texts.search('отметки', {}, 5), [
    {
      documentId: 'd4',
      caseId: 'c3',
      kind: 'other',
      page: 1,
      snippet: texts.search('отметки', {}, 5)[0]?.snippet,
    },
  ]);
  const { snippet } = texts.search('отметки', {}, 5)[0] ?? { snippet: '' };
  assert.match(snippet, /^… .*\(важная\) \[отметка\] .* …$/);
  assert.ok(snippet.length < 200);
});

test('a document that is put again or removed leaves nothing behind', () => {
  const { texts, put, ids } = index();
  put('d2', 'c1', ['Совсем другой текст']);
  assert.deepEqual(ids('договор'), []);
  assert.deepEqual(ids('другой'), ['d2']);
  texts.remove('d2');
  texts.remove('d2');
  assert.deepEqual(ids('другой'), []);
  assert.deepEqual([...texts.versions()].sort(), [
    ['d1', '1'],
    ['d3', '3'],
  ]);
});
