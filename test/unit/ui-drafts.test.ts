import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentView } from '../../protocol/api/documents.ts';
import { dropDraft, typeInto, withTyped } from '../../ui/clerk/drafts.ts';

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
