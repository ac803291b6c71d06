import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { ErrorRow } from '../../protocol/error-table.ts';
import { errorTable, errorText, isErrorCode } from '../../protocol/errors.ts';
import { errorsPage } from '../../provisioning/docs/errors.ts';

const folder = new URL('../../protocol/errors/', import.meta.url);
const rows = Object.entries<ErrorRow>(errorTable);

const placeholders = (text: string) => [...text.matchAll(/\{([^}]*)\}/g)].map(match => match[1] ?? '').sort();

/** The tables of one file, by its exports. */
async function tablesOf(file: string): Promise<Record<string, ErrorRow>[]> {
  return Object.values(await import(new URL(file, folder).href));
}

test('every file of protocol/errors holds one table whose codes begin with its name, all in the common table', async () => {
  const files = readdirSync(folder).filter(name => name.endsWith('.ts'));
  assert.ok(files.length >= 10, `only ${files.length} tables found`);
  let count = 0;
  for (const file of files) {
    const area = file.replace(/\.ts$/, '');
    const tables = await tablesOf(file);
    assert.equal(tables.length, 1, `${file} exports ${tables.length} tables`);
    for (const code of Object.keys(tables[0] ?? {})) {
      assert.match(code, /^[a-z-]+\.[a-z-]+$/);
      assert.equal(code.split('.')[0], area, `${code} stands in ${file}`);
      assert.ok(isErrorCode(code), `${code} is missing from errorTable: add the table of ${file}`);
      count += 1;
    }
  }
  assert.equal(count, rows.length, 'a code is defined twice, or its table is not in protocol/errors');
});

test('every error speaks Russian and English, in whole sentences', () => {
  for (const [code, { ru, en }] of rows) {
    assert.match(ru, /^[«А-ЯЁA-Z{].*[.!?»]$/su, `${code}: Russian`);
    assert.match(ru, /[а-яё]/u, `${code}: the Russian text has no Cyrillic`);
    assert.match(en, /^[A-Z{].*[.!?]$/su, `${code}: English`);
    assert.doesNotMatch(en, /[а-яё]/iu, `${code}: the English text has Cyrillic letters`);
  }
});

test('both languages ask for the same details', () => {
  for (const [code, { ru, en }] of rows) {
    assert.deepEqual(placeholders(ru), placeholders(en), code);
    for (const name of placeholders(en)) assert.match(name, /^[a-z][A-Za-z0-9]*$/, code);
  }
});

test('the status of every error is one that HTTP has for refusals and failures', () => {
  for (const [code, { status }] of rows) {
    assert.ok(Number.isInteger(status) && status >= 400 && status <= 599, `${code} has status ${status}`);
  }
});

test('a title in the details is quoted in the language of the text', () => {
  const missing = [
    { ru: 'Паспорт', en: 'Passport' },
    { ru: 'СНИЛС', en: 'SNILS' },
  ];
  assert.match(errorText('case.documents-missing', 'ru', { missing }), /: Паспорт, СНИЛС\./);
  assert.match(errorText('case.documents-missing', 'en', { missing }), /: Passport, SNILS\./);
});

test('a text is filled from the details and shows no braces when one is missing', () => {
  assert.equal(errorText('token.pin-refused', 'en', { triesLeft: 2 }).includes('Tries left: 2.'), true);
  assert.doesNotMatch(errorText('token.pin-refused', 'ru'), /[{}]/);
});

test('words that every object has are no error codes', () => {
  for (const word of ['constructor', 'toString', '__proto__', '', 'printer.', undefined, 7]) {
    assert.equal(isErrorCode(word), false, String(word));
  }
});

test('the page of errors names every code once and keeps table cells whole', () => {
  const page = errorsPage(errorTable);
  for (const [code] of rows) {
    assert.equal(page.split(`\n| \`${code}\` |`).length, 2, code);
  }
  const sly: ErrorRow = { status: 400, retry: 'never', severity: 'info', ru: 'А|Б\nВ.', en: 'A|B\nC.' };
  assert.match(errorsPage({ 'test.sly': sly }), /\| А\\\|Б В\. \| A\\\|B C\. \|$/m);
});
