import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isSamePage } from '../../device/capture/doubles/same-page.ts';
import { createRecogniser } from '../../device/capture/recogniser.ts';
import { checkDoubledPages } from '../../device/cases/checks/doubled-pages.ts';
import { blankPage, fixturePage } from '../fixtures/pages.ts';
import { scannedAgain } from '../fixtures/scanned-again.ts';

const recogniser = createRecogniser({ engine: 'tesseract', pageTimeoutMs: 240_000 });
after(() => recogniser.stop());
const description = { kind: 'pile', title: 'Проба', createdAt: new Date('2026-03-16T09:00:00Z') };

test('a sheet that was scanned twice is noticed; forms of two people, two cards and blank pages are not', async () => {
  const names = ['application-1', 'application-2', 'snils-card-1', 'snils-card-2', 'certificate-1'];
  const sheets = await Promise.all(names.map(async name => (await fixturePage(name)).bytes));
  const [application, , , , certificate] = sheets;
  assert.ok(application && certificate);
  const again = [await scannedAgain(application), await scannedAgain(certificate, -1.8)];
  const blank = [await blankPage(), await blankPage()];
  const { pages } = await recogniser.recognise([...sheets, ...again, ...blank], description);
  const pairs = pages.flatMap((page, at) =>
    pages.slice(0, at).flatMap((other, to) => (isSamePage(other, page) ? [[to, at]] : [])),
  );
  assert.deepEqual(pairs, [
    [0, 5],
    [4, 6],
  ]);

  const document = (id: string, title: string, of: typeof pages) => ({
    ...{ documentId: id, kind: id, title: { ru: title, en: title }, line: undefined, fields: [] },
    ...{ looksLike: undefined, pages: of.map((_, at) => `${id} ${at}`), readings: of },
  });
  const [inOne, inTwo, ...more] = checkDoubledPages([
    document('application', 'Заявление', [...pages.slice(0, 1), ...pages.slice(5, 6)]),
    document('certificate', 'Справка', pages.slice(4, 5)),
    document('contract', 'Договор', [...pages.slice(7, 9), ...pages.slice(6, 7)]),
  ]);
  assert.match(inOne?.ru ?? '', /«Заявление»: на страницах 1 и 2/);
  assert.deepEqual(inOne?.extraPage, { documentId: 'application', page: 1 });
  assert.match(inTwo?.ru ?? '', /страница 1 документа «Справка» и страница 3 документа «Договор»/);
  assert.deepEqual(inTwo?.extraPage, { documentId: 'contract', page: 2 });
  assert.deepEqual(more, []);
});
