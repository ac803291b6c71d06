import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentView } from '../../protocol/api/documents.ts';
import { asEdited, dropDraft, dropTyped, typeInto, withTyped } from '../../ui/clerk/drafts.ts';

const document: DocumentView = {
  ...{ documentId: 'd', pdfSha256: null, kind: 'snils', title: { ru: 'СНИЛС', en: 'SNILS' }, state: 'ready' },
  ...{
    pages: [],
    characters: 0,
    confidence: 0,
    error: null,
    signature: null,
    isSignedByApplicant: false,
    original: null,
  },
  fields: [
    {
      ...{ name: 'snils', title: { ru: 'СНИЛС', en: 'SNILS' }, value: '1', confidence: 90, check: 'none' },
      ...{ corrected: false, box: null },
    },
  ],
};
const values = () => withTyped(document).map(({ name, value }) => [name, value]);

test('what the clerk types stands in the found field, and a field that was not found behind it', () => {
  assert.deepEqual(values(), [['snils', '1']]);
  typeInto('d', 'snils', '2');
  typeInto('d', 'birth-date', '');
  assert.deepEqual(values(), [
    ['snils', '2'],
    ['birth-date', ''],
  ]);
  dropDraft('d');
  assert.deepEqual(values(), [['snils', '1']]);
});

test('what is typed while a confirmation travels stays, and a confirmed document that was typed over is to be confirmed anew', () => {
  const confirmed: DocumentView = { ...document, state: 'confirmed' };
  assert.equal(asEdited(confirmed), confirmed);
  typeInto('d', 'snils', '2');
  const taken = withTyped(document).map(({ name, value }) => ({ name, value }));
  typeInto('d', 'snils', '23');
  dropTyped('d', taken);
  const after: DocumentView = {
    ...confirmed,
    fields: document.fields.map(field => ({ ...field, value: '2' })),
  };
  assert.deepEqual(
    withTyped(after).map(({ value }) => value),
    ['23'],
  );
  assert.equal(asEdited(after).state, 'ready');
  dropTyped('d', [{ name: 'snils', value: '23' }]);
  // An added line without a word in it is nothing to confirm.
  typeInto('d', 'birth-date', '');
  assert.equal(asEdited(after).state, 'confirmed');
  dropDraft('d');
});
