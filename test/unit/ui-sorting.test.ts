import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changes,
  joinBefore,
  moved,
  neighbour,
  ofKind,
  placeOf,
  type SortDocument,
  shifted,
  splitBefore,
  takenOut,
  turned,
} from '../../ui/clerk/sorting.ts';

const page = (sha256: string) => ({ sha256, turn: 0 as const });
const desk: SortDocument[] = [
  { documentId: 'one', kind: 'pile', pages: [page('a'), page('b'), page('c')] },
  { documentId: 'two', kind: 'snils', pages: [page('d')] },
];
const shown = (documents: SortDocument[]) =>
  documents.map(
    ({ kind, pages }) => `${kind}: ${pages.map(({ sha256, turn }) => `${sha256}${turn || ''}`).join(' ')}`,
  );

test('a page is turned by a quarter, and after four is as it was', () => {
  let documents = turned(desk, { document: 0, page: 1 });
  assert.deepEqual(shown(documents), ['pile: a b90 c', 'snils: d']);
  for (let turn = 0; turn < 3; turn++) documents = turned(documents, { document: 0, page: 1 });
  assert.deepEqual(documents, desk);
});

test('a document is split before a page and joined again', () => {
  const split = splitBefore(desk, { document: 0, page: 1 }, 'new');
  assert.deepEqual(shown(split), ['pile: a', 'pile: b c', 'snils: d']);
  assert.deepEqual(shown(joinBefore(split, 1)), ['pile: a b c', 'pile: ', 'snils: d']);
  assert.equal(
    splitBefore(desk, { document: 0, page: 0 }, 'new'),
    desk,
    'before the first page there is nothing',
  );
  assert.equal(joinBefore(desk, 0), desk);
});

test('a page is moved within its document and into another', () => {
  assert.deepEqual(shown(moved(desk, { document: 0, page: 0 }, { document: 0, page: 3 })), [
    'pile: b c a',
    'snils: d',
  ]);
  assert.deepEqual(shown(moved(desk, { document: 0, page: 2 }, { document: 0, page: 0 })), [
    'pile: c a b',
    'snils: d',
  ]);
  assert.deepEqual(shown(moved(desk, { document: 0, page: 1 }, { document: 1, page: 0 })), [
    'pile: a c',
    'snils: b d',
  ]);
});

test('pages that are taken out lie in one bin, from which they can come back', () => {
  const once = takenOut(desk, { document: 0, page: 0 }, 'bin');
  const twice = takenOut(once, { document: 1, page: 0 }, 'another');
  assert.deepEqual(shown(twice), ['pile: b c', 'snils: ', 'removed: a d']);
  assert.deepEqual(shown(moved(twice, { document: 2, page: 1 }, { document: 1, page: 0 })), [
    'pile: b c',
    'snils: d',
    'removed: a',
  ]);
});

test('beside a full bin another one is begun, and a page of either comes back', () => {
  const full = Array.from({ length: 200 }, (_, at) => page(`old ${at}`));
  const first = takenOut(
    [...desk, { documentId: 'bin', kind: 'removed', pages: full }],
    { document: 0, page: 0 },
    'next',
  );
  assert.deepEqual(shown(first.slice(3)), ['removed: a']);
  assert.deepEqual(shown(takenOut(first, { document: 3, page: 0 }, 'new').slice(3)), [
    'pile: a',
    'removed: ',
  ]);
});

test('a page that is taken out of the bin is a document of its own before it', () => {
  const bin = takenOut(desk, { document: 0, page: 0 }, 'bin');
  assert.deepEqual(shown(takenOut(bin, { document: 2, page: 0 }, 'new')), [
    'pile: b c',
    'snils: d',
    'pile: a',
    'removed: ',
  ]);
});

test('a page goes one place earlier or later, over the borders of documents, and never into the bin', () => {
  const later = shifted(desk, { document: 0, page: 0 }, 1);
  assert.deepEqual(shown(later), ['pile: b a c', 'snils: d']);
  const over = shifted(desk, { document: 0, page: 2 }, 1);
  assert.deepEqual(shown(over), ['pile: a b', 'snils: c d']);
  assert.deepEqual(shifted(over, { document: 1, page: 0 }, -1), desk);
  assert.equal(shifted(desk, { document: 0, page: 0 }, -1), desk);
  const bin = takenOut(desk, { document: 0, page: 0 }, 'bin');
  assert.equal(shifted(bin, { document: 1, page: 0 }, 1), bin);
  assert.deepEqual(shown(shifted(bin, { document: 2, page: 0 }, -1)), [
    'pile: b c',
    'snils: d a',
    'removed: ',
  ]);
});

test('a document joins the nearest one before it that has pages', () => {
  const split = splitBefore(desk, { document: 0, page: 2 }, 'new');
  const emptied = joinBefore(split, 1);
  assert.deepEqual(shown(joinBefore(emptied, 2)), ['pile: a b c d', 'pile: ', 'snils: ']);
});

test('a page is found wherever it lies', () => {
  assert.deepEqual(placeOf(desk, 'd'), { document: 1, page: 0 });
  assert.equal(placeOf(desk, 'nowhere'), undefined);
});

test('the arrow keys go over the borders of documents and stop at the ends', () => {
  assert.deepEqual(neighbour(desk, { document: 0, page: 2 }, 1), { document: 1, page: 0 });
  assert.deepEqual(neighbour(desk, { document: 1, page: 0 }, 1), { document: 1, page: 0 });
  assert.deepEqual(neighbour(desk, { document: 0, page: 0 }, -1), { document: 0, page: 0 });
});

test('the box hears of what changed, with the documents that became empty, and of no other', () => {
  assert.deepEqual(changes(desk, desk), []);
  const wish = changes(desk, ofKind(splitBefore(desk, { document: 0, page: 1 }, 'new'), 0, 'application'));
  assert.deepEqual(shown(wish), ['application: a', 'pile: b c']);
  assert.deepEqual(shown(changes(desk, joinBefore(desk, 1))), ['pile: a b c d', 'snils: ']);
  const gone = joinBefore(splitBefore(desk, { document: 0, page: 1 }, 'new'), 1);
  assert.deepEqual(changes(desk, gone), [], 'a document that came and went was never there');
});
