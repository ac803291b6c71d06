import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formMark, type PageClue, proposeDocuments, separatorMark } from '../../device/core/pile.ts';

const checklist = ['application', 'passport', 'snils'];
let last = 0;
const clue = (more: Partial<PageClue> = {}): PageClue => ({
  sha256: String(++last),
  isBlank: false,
  barcodes: [],
  looksLike: null,
  ...more,
});
const looks = (kind: string, sureness = 0.9, isFirst = true) =>
  clue({ looksLike: { kind, sureness, isFirst } });
/** Kinds with the places of their pages in the pile, from 1. */
function sorted(pages: PageClue[]): string[] {
  let id = 0;
  return proposeDocuments(pages, checklist, () => String(++id)).map(
    ({ kind, pages: own }) =>
      `${kind}: ${own.map(({ sha256 }) => pages.findIndex(page => page.sha256 === sha256) + 1).join(' ')}`,
  );
}

test('KEM-8 each kind that a page surely looks like becomes a document, and its further pages follow it', () => {
  assert.deepEqual(
    sorted([looks('application'), clue(), looks('passport'), looks('passport', 0.9, false), looks('snils')]),
    ['application: 1 2', 'passport: 3 4', 'snils: 5'],
  );
});

test('two documents of one kind are two when the second begins with a first page', () => {
  assert.deepEqual(sorted([looks('snils'), looks('snils')]), ['snils: 1', 'snils: 2']);
});

test('a guess that is not sure, and a kind that nobody asked for, begin nothing', () => {
  assert.deepEqual(sorted([looks('application'), looks('passport', 0.5), looks('contract')]), [
    'application: 1 2 3',
  ]);
  assert.deepEqual(sorted([clue(), looks('passport', 0.4)]), ['pile: 1 2']);
});

test('a separator sheet begins a document, of the kind that it names, and is taken out', () => {
  assert.deepEqual(
    sorted([
      clue({ barcodes: [`${separatorMark}:snils`] }),
      looks('application'),
      clue(),
      clue({ barcodes: ['something else', separatorMark] }),
      clue(),
    ]),
    ['snils: 2 3', 'pile: 5', 'removed: 1 4'],
  );
});

test('a separator before a page that is known lets the page say what it is', () => {
  assert.deepEqual(sorted([clue({ barcodes: [separatorMark] }), looks('passport')]), [
    'passport: 2',
    'removed: 1',
  ]);
});

test('a form whose code says its kind begins a document of it and stays; a named separator has the last word', () => {
  const form = (kind: string) => clue({ barcodes: [`${formMark}${kind}`] });
  assert.deepEqual(sorted([form('application'), clue(), form('snils'), form('medical-certificate')]), [
    'application: 1 2',
    'snils: 3',
    'pile: 4',
  ]);
  assert.deepEqual(
    sorted([
      clue({ barcodes: [separatorMark] }),
      form('snils'),
      clue({ barcodes: [`${separatorMark}:passport`] }),
      form('snils'),
    ]),
    ['snils: 2', 'passport: 4', 'removed: 1 3'],
  );
});

test('blank pages are taken out and part nothing: they are the backs of sheets', () => {
  assert.deepEqual(sorted([looks('application'), clue({ isBlank: true }), clue(), clue({ isBlank: true })]), [
    'application: 1 3',
    'removed: 2 4',
  ]);
});

test('no page is lost, whatever the pile', () => {
  for (let round = 0; round < 300; round++) {
    const pages = Array.from(
      { length: round % 12 },
      () =>
        [
          clue(),
          clue({ isBlank: true }),
          clue({ barcodes: [separatorMark] }),
          looks('passport', Math.random()),
        ][Math.floor(Math.random() * 4)] as PageClue,
    );
    let id = 0;
    const out = proposeDocuments(pages, checklist, () => String(++id)).flatMap(({ pages: own }) => own);
    assert.deepEqual(out.map(({ sha256 }) => sha256).sort(), pages.map(({ sha256 }) => sha256).sort());
  }
});
