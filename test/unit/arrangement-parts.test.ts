import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Arrangement, inParts } from '../../device/core/arrangement.ts';
import { limits } from '../../protocol/limits.ts';

const most = { bytes: limits.factBytes - 1024, documents: 200 };
const page = (at: number) => ({ sha256: String(at).padStart(64, '0'), turn: 0 as const });
const dealt = (documents: number, pages: number, from = 0): Arrangement =>
  Array.from({ length: documents }, (_, at) => ({
    documentId: `document ${from + at}`,
    kind: 'photo',
    pages: Array.from({ length: pages }, (_, n) => n)
      .filter(n => n % documents === at)
      .map(page),
  }));
const inRow = (documents: number, pages: number): Arrangement =>
  dealt(documents, documents).map((document, at) => ({
    ...document,
    pages: Array.from({ length: pages / documents }, (_, n) => page((at * pages) / documents + n)),
  }));

const cases: [string, Arrangement, Arrangement][] = [
  ['every document gives pages to every other one', inRow(25, 5000), dealt(25, 5000)],
  [
    'documents change places in a ring',
    inRow(25, 5000),
    inRow(25, 5000).map((each, at, all) => ({ ...each, pages: all[(at + 1) % 25]?.pages ?? [] })),
  ],
  [
    'each page becomes a document of its own',
    inRow(25, 5000),
    [...inRow(25, 5000).map(each => ({ ...each, pages: [] })), ...dealt(5000, 5000, 25)],
  ],
  [
    'all pages are turned',
    inRow(25, 5000),
    inRow(25, 5000).map(each => ({
      ...each,
      pages: each.pages.map(({ sha256 }) => ({ sha256, turn: 180 as const })),
    })),
  ],
];

test('5,000 pages are put in order in parts, after each of which every page lies somewhere', () => {
  for (const [what, before, wanted] of cases) {
    const now = new Map(before.map(({ documentId, pages }) => [documentId, pages]));
    const parts = inParts(before, wanted, most);
    assert.ok(parts.length > 1, what);
    for (const part of parts) {
      assert.ok(JSON.stringify(part).length <= most.bytes && part.length <= most.documents, what);
      for (const { documentId, pages } of part) now.set(documentId, pages);
      const lying = new Set([...now.values()].flatMap(pages => pages.map(({ sha256 }) => sha256)));
      assert.equal(lying.size, 5000, what);
    }
    for (const { documentId, pages } of wanted) assert.deepEqual(now.get(documentId), pages, what);
  }
});

test('what fits into one fact stays one part, as it was wished', () => {
  const wanted = dealt(4, 100);
  assert.deepEqual(inParts(inRow(4, 100), wanted, most), [wanted]);
});
