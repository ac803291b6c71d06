import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shippedRules } from '../../device/capture/kinds/rules.ts';
import { checkDocuments } from '../../device/cases/checks/check-documents.ts';
import type { CheckedDocument } from '../../device/cases/checks/checked-document.ts';
import { confirmedFields } from '../../device/cases/confirmed-fields.ts';
import type { FieldView } from '../../protocol/api/documents.ts';
import { documentWarnings } from '../../protocol/document-warnings.ts';
import type { RequiredDocument } from '../../protocol/register.ts';

const today = '2026-11-22';
const titles: Record<string, string> = { passport: 'Паспорт', snils: 'СНИЛС', application: 'Заявление' };
const title = (kind: string) => ({ ru: titles[kind] ?? kind, en: `the ${kind}` });
const line = (kind: string, more: Partial<RequiredDocument> = {}): RequiredDocument => ({
  ...{ kind, title: title(kind), required: true },
  ...more,
});

let made = 0;
function paper(
  kind: string,
  values: Record<string, string>,
  more: Partial<CheckedDocument> = {},
): CheckedDocument {
  const documentId = `${kind}-${++made}`;
  const fields = Object.entries(values).map(([name, value]) => ({ name, value, check: 'none' as const }));
  return {
    ...{ documentId, kind, title: title(kind), line: line(kind), fields },
    ...{ looksLike: undefined, pages: [documentId], readings: [] },
    ...more,
  };
}
const check = (documents: CheckedDocument[], checklist: RequiredDocument[] = []) =>
  checkDocuments(checklist, documents, today, shippedRules);
const codes = (...documents: CheckedDocument[]) => check(documents).map(({ code }) => code);

describe('KEM-10 documents of a case', () => {
  test('that are missing are named in both languages, once the first one is there', () => {
    const checklist = [line('application'), line('passport'), line('snils', { required: false })];
    assert.deepEqual(check([], checklist), []);
    const [missing] = check([paper('application', {})], checklist);
    assert.equal(missing?.code, 'missing');
    assert.match(missing?.ru ?? '', /Паспорт\.$/);
    assert.match(missing?.en ?? '', /the passport\.$/);
  });

  test('that are there twice, whole or by a page, are noticed', () => {
    assert.deepEqual(codes(paper('snils', {}), paper('snils', {})), ['doubled']);
    const one = paper('application', {}, { pages: ['a', 'b', 'b'] });
    const other = paper('passport', {}, { pages: ['b'] });
    const [warning, ...more] = check([one, other]);
    assert.equal(warning?.code, 'same-page');
    assert.deepEqual(warning?.documentIds, [one.documentId, other.documentId]);
    assert.deepEqual(more, []);
  });

  test('that look like another kind are doubted only when the rules know both', () => {
    const like = (kind: 'snils' | 'passport-registration' | 'other') => ({
      looksLike: { kind, sure: 0.97, candidates: [] },
    });
    const [warning] = check([paper('passport', {}, like('snils'))]);
    assert.equal(warning?.code, 'looks-like');
    assert.match(warning?.ru ?? '', /СНИЛС/);
    assert.deepEqual(codes(paper('passport', {}, like('passport-registration'))), []);
    assert.deepEqual(codes(paper('passport', {}, like('other'))), []);
    assert.deepEqual(codes(paper('land-scheme', {}, like('snils'))), []);
  });
});

describe('papers that ended', () => {
  test('are noticed the day after the printed end, and only where the end is the paper’s own', () => {
    assert.deepEqual(codes(paper('passport', { 'valid-until': '21.11.2026' })), ['expired']);
    assert.deepEqual(codes(paper('passport', { 'valid-until': '22.11.2026' })), []);
    assert.deepEqual(codes(paper('contract', { 'valid-until': '21.11.2026' })), []);
  });

  test('a passport lasts until 90 days after the 20th and the 45th birthday', () => {
    const passport = (born: string, issued: string) =>
      codes(paper('passport', { 'birth-date': born, 'issue-date': issued }));
    assert.deepEqual(passport('01.01.2006', '15.01.2020'), ['passport-age']);
    assert.deepEqual(passport('24.08.2006', '15.09.2020'), []);
    assert.deepEqual(passport('23.08.2006', '15.09.2020'), ['passport-age']);
    assert.deepEqual(passport('01.01.1980', '15.01.2000'), ['passport-age']);
    assert.deepEqual(passport('01.01.1980', '15.01.2025'), []);
    assert.deepEqual(passport('01.01.1970', '15.01.2016'), []);
    assert.deepEqual(passport('29.02.1992', '01.04.2012'), []);
  });

  test('are as old as the register lets them be, by the newest day on them that has been', () => {
    const extract = (...days: string[]) =>
      codes(
        paper(
          'ownership-extract',
          Object.fromEntries(days.map((day, at) => [at === 0 ? 'date' : `date.${at + 1}`, day])),
          { line: line('ownership-extract', { maxAgeDays: 30 }) },
        ),
      );
    assert.deepEqual(extract('01.02.2010', '23.10.2026'), []);
    assert.deepEqual(extract('01.02.2010', '22.10.2026'), ['stale']);
    assert.deepEqual(extract('22.10.2026', '01.01.2030'), ['stale']);
    assert.deepEqual(extract(), []);
  });
});

describe('one person in all papers', () => {
  const name = 'Примеров Пётр Образцович';

  test('in any case of the name, with ё or without', () => {
    assert.deepEqual(
      codes(
        paper('passport', { 'full-name': 'Примеров Петр Образцович', 'birth-date': '01.04.1980' }),
        paper('application', { 'full-name': 'Примерова Петра Образцовича', 'birth-date': '01.04.1980' }),
      ),
      [],
    );
  });

  test('another name, birth date or СНИЛС is told with both values, the passport first', () => {
    const passport = paper('passport', { 'full-name': name, 'birth-date': '01.04.1980' });
    const snils = paper('snils', { 'full-name': 'Макетов Пётр Образцович', snils: '112-233-445 95' });
    const application = paper('application', { 'birth-date': '02.04.1980', snils: '123-456-789 64' });
    const warnings = check([application, snils, passport]);
    assert.deepEqual(
      warnings.map(({ code, documentIds }) => [code, documentIds]),
      [
        ['name-differs', [passport.documentId, snils.documentId]],
        ['birth-date-differs', [passport.documentId, application.documentId]],
        ['snils-differs', [application.documentId, snils.documentId]],
      ],
    );
    assert.match(warnings[0]?.ru ?? '', /Примеров Пётр Образцович \(«Паспорт»\) и Макетов/);
  });

  test('papers of two people are told once, by the name', () => {
    const values = { 'birth-date': '01.04.1980', snils: '112-233-445 95' };
    const others = { 'birth-date': '29.02.1992', snils: '123-456-789 64' };
    assert.deepEqual(
      codes(
        paper('application', { 'full-name': name, ...values }),
        paper('snils', { 'full-name': 'Макетова Проба Шаблоновна', ...others }),
      ),
      ['name-differs'],
    );
  });

  test('one letter of difference is a softer warning', () => {
    const other = 'Примеров Пётр Образцовеч';
    assert.deepEqual(
      codes(
        paper('passport', { 'full-name': name }),
        paper('snils', { 'full-name': 'Пример Пётр Образцович' }),
      ),
      ['name-differs'],
    );
    assert.deepEqual(
      codes(paper('passport', { 'full-name': name }), paper('snils', { 'full-name': other })),
      ['name-unsure'],
    );
  });

  test('papers about others, further dates, and numbers whose check failed say nothing', () => {
    assert.deepEqual(
      codes(
        paper('passport', { 'full-name': name, 'birth-date': '01.04.1980' }),
        paper('birth-certificate', { 'full-name': 'Примерова Анна Петровна', 'birth-date': '01.04.2015' }),
        paper('application', { 'birth-date': '01.04.2015', 'birth-date.2': '01.04.1980' }),
      ),
      [],
    );
    const failed = [{ name: 'snils', value: '112-233-445 96', check: 'failed' as const }];
    assert.deepEqual(
      codes(paper('snils', { snils: '112-233-445 95' }), paper('application', {}, { fields: failed })),
      [],
    );
  });
});

test('every warning speaks both languages and fills the same places', () => {
  for (const [code, { ru, en }] of Object.entries(documentWarnings)) {
    const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();
    assert.deepEqual(places(ru), places(en), code);
    assert.doesNotMatch(en, /[а-яё]/iu, code);
  }
});

describe('fields as the clerk leaves them', () => {
  const asOf = new Date('2026-11-22T09:00:00.000Z');
  const found: FieldView = {
    ...{ name: 'snils', title: { ru: 'СНИЛС', en: 'SNILS' }, value: '112-233-445 96', confidence: 80 },
    ...{ check: 'failed', corrected: false, box: { page: 0, x: 0, y: 0, width: 0.1, height: 0.1 } },
  };

  test('keep what was read beside what was typed, and check digits judge that too', () => {
    const [typed] = confirmedFields([found], [{ name: 'snils', value: ' 112-233-445 95 ' }], asOf);
    assert.deepEqual(
      [typed?.value, typed?.read, typed?.check, typed?.corrected],
      ['112-233-445 95', '112-233-445 96', 'passed', true],
    );
    const [wrong] = confirmedFields([found], [{ name: 'snils', value: '112-233-445 97' }], asOf);
    assert.equal(wrong?.check, 'failed');
    const again = confirmedFields([typed ?? found], [{ name: 'snils', value: '123-456-789 64' }], asOf);
    assert.equal(again[0]?.read, '112-233-445 96');
  });

  test('may be added where recognition found nothing, and taken away again', () => {
    const wish = { name: 'birth-date', value: '31.02.1980' };
    const added = confirmedFields([found], [wish], asOf);
    assert.deepEqual(
      added.map(({ name, value, check, corrected, box }) => [name, value, check, corrected, box]).at(-1),
      ['birth-date', '31.02.1980', 'failed', true, null],
    );
    assert.deepEqual(confirmedFields(added, [{ ...wish, value: '' }], asOf), [found]);
    assert.deepEqual(confirmedFields([found], [{ ...wish, value: ' ' }], asOf), [found]);
    assert.throws(() => confirmedFields([], [{ name: 'shoe-size', value: '42' }], asOf), {
      code: 'internal.bad-request',
    });
  });
});
