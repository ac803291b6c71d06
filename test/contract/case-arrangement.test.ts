import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { binKind, keepsAllPages, pileKind } from '../../device/core/arrangement.ts';
import { limits } from '../../protocol/limits.ts';
import type { Turn } from '../../protocol/values.ts';
import { rightPin } from '../fixtures/branch.ts';
import {
  addPage,
  branch,
  count,
  desk,
  me,
  nextPage,
  openCase,
  recognised,
  required,
  seat,
  serviceId,
  start,
  view,
} from './case-setting.ts';

const [application = '', photo = '', certificate = ''] = required;

/** A case whose pages lie in one pile, in this order. */
async function pile(count: number) {
  await start();
  const caseId = await openCase();
  let pileId = '';
  for (let page = 0; page < count; page++) pileId = await addPage(caseId, pileKind);
  return {
    caseId,
    pileId,
    pages: desk()
      .store.pages(pileId)
      .map(({ sha256 }) => sha256),
  };
}
const flat = (sha256: string | undefined, turn: Turn = 0) => ({ sha256: sha256 ?? '', turn });
/** Documents that are there, by kind, with their pages and turns. */
const shown = (caseId: string) =>
  Object.fromEntries(
    desk()
      .store.documents(caseId)
      .map(({ id, kind }) => [
        kind,
        desk()
          .store.pages(id)
          .map(({ sha256, turn }) => flat(sha256, turn as Turn)),
      ]),
  );

test('KEM-8 a pile becomes separate documents, in the order and the turn that the clerk gave, and nothing else', async () => {
  const { caseId, pileId, pages } = await pile(5);
  const documents = [
    { documentId: pileId, kind: pileKind, pages: [] },
    { documentId: randomUUID(), kind: application, pages: [flat(pages[1]), flat(pages[0], 180)] },
    { documentId: randomUUID(), kind: photo, pages: [flat(pages[3], 90)] },
    { documentId: randomUUID(), kind: certificate, pages: [flat(pages[2])] },
    { documentId: randomUUID(), kind: binKind, pages: [flat(pages[4])] },
  ];
  await desk().arrangements.arrange(me, caseId, documents);
  await recognised(caseId);
  assert.deepEqual(shown(caseId), {
    [application]: documents[1]?.pages,
    [photo]: documents[2]?.pages,
    [certificate]: documents[3]?.pages,
  });
  await branch.restart();
  assert.equal(Object.keys(shown(caseId)).length, 3);
  await desk().journal.rebuild();
  assert.deepEqual(shown(caseId)[photo], [flat(pages[3], 90)]);
});

test('the arrangement before, sent again, brings everything back, also what was thrown away', async () => {
  const { caseId, pileId, pages } = await pile(3);
  const [one, two] = [randomUUID(), randomUUID()];
  const before = [
    { documentId: pileId, kind: pileKind, pages: pages.map(page => flat(page)) },
    { documentId: one, kind: application, pages: [] },
    { documentId: two, kind: binKind, pages: [] },
  ];
  await desk().arrangements.arrange(me, caseId, [
    { documentId: pileId, kind: pileKind, pages: [] },
    { documentId: one, kind: application, pages: [flat(pages[0]), flat(pages[1], 270)] },
    { documentId: two, kind: binKind, pages: [flat(pages[2])] },
  ]);
  assert.deepEqual(Object.keys(shown(caseId)), [application]);
  await desk().arrangements.arrange(me, caseId, before);
  assert.deepEqual(shown(caseId), { [pileKind]: before[0]?.pages });
});

test('only what changed is recognised again', async () => {
  const { caseId, pileId, pages } = await pile(2);
  const kept = await addPage(caseId, photo);
  await recognised(caseId);
  await desk().arrangements.arrange(me, caseId, [
    { documentId: pileId, kind: pileKind, pages: [flat(pages[1])] },
    {
      documentId: kept,
      kind: photo,
      pages: desk()
        .store.pages(kept)
        .map(({ sha256 }) => flat(sha256)),
    },
    { documentId: randomUUID(), kind: application, pages: [flat(pages[0])] },
  ]);
  assert.equal(desk().store.findDocument(kept)?.state, 'ready');
  assert.equal(desk().store.findDocument(pileId)?.state, 'recognising');
});

test('an arrangement that loses a page, makes one up, or is of yesterday is refused whole', async () => {
  const { caseId, pileId, pages } = await pile(2);
  const [first, second] = pages;
  const other = randomUUID();
  const wrong = [
    [{ documentId: pileId, kind: pileKind, pages: [flat(first)] }],
    [{ documentId: pileId, kind: pileKind, pages: [flat(first), flat(second), flat(second)] }],
    [{ documentId: pileId, kind: pileKind, pages: [flat(first), flat('0'.repeat(64))] }],
    [{ documentId: other, kind: application, pages: [flat(first)] }],
    [
      { documentId: pileId, kind: pileKind, pages: [flat(first)] },
      { documentId: pileId, kind: application, pages: [flat(second)] },
    ],
  ];
  for (const documents of wrong)
    await assert.rejects(desk().arrangements.arrange(me, caseId, documents), { code: 'case.pages-changed' });
  // Meanwhile a third sheet came out of the scanner.
  await addPage(caseId, pileKind, await nextPage());
  const seen = [{ documentId: pileId, kind: application, pages: [flat(first), flat(second)] }];
  await assert.rejects(desk().arrangements.arrange(me, caseId, seen), { code: 'case.pages-changed' });
  await assert.rejects(
    desk().arrangements.arrange(me, caseId, [{ documentId: other, kind: 'medical-certificate', pages: [] }]),
    { code: 'internal.bad-request' },
  );
  assert.deepEqual(Object.keys(shown(caseId)), [pileKind]);
});

test('pages of another case, of a signed document and of a sent case stay where they are', async () => {
  const { caseId, pileId, pages } = await pile(3);
  const another = await desk().cases.open(me, { ticketId: await seat('Б02'), serviceId });
  const theft = [{ documentId: pileId, kind: application, pages: pages.map(page => flat(page)) }];
  await assert.rejects(desk().arrangements.arrange(me, another, theft), { code: 'capture.unknown-document' });

  await desk().arrangements.arrange(me, caseId, [
    { documentId: pileId, kind: application, pages: [flat(pages[0])] },
    { documentId: randomUUID(), kind: photo, pages: [flat(pages[1])] },
    { documentId: randomUUID(), kind: certificate, pages: [flat(pages[2])] },
  ]);
  await recognised(caseId);
  await desk().cases.sign(me, caseId, rightPin);
  const late = [{ documentId: pileId, kind: photo, pages: [flat(pages[0])] }];
  await assert.rejects(desk().arrangements.arrange(me, caseId, late), { code: 'case.wrong-state' });
  await desk().cases.send(me, caseId);
  await assert.rejects(desk().arrangements.arrange(me, caseId, late), { code: 'case.wrong-state' });
});

test('nothing is signed while pages of the pile are not sorted', async () => {
  const { caseId } = await pile(1);
  for (const kind of required) await addPage(caseId, kind);
  await recognised(caseId);
  await assert.rejects(desk().cases.sign(me, caseId, rightPin), { code: 'case.pile-unsorted' });
});

test('pages that were taken out are proposed where they lie, and come back from there', async () => {
  const { caseId, pileId, pages } = await pile(3);
  const [one, bin] = [randomUUID(), randomUUID()];
  await desk().arrangements.arrange(me, caseId, [
    { documentId: pileId, kind: pileKind, pages: [] },
    { documentId: one, kind: application, pages: [flat(pages[0])] },
    { documentId: bin, kind: binKind, pages: [flat(pages[1]), flat(pages[2], 90)] },
  ]);
  assert.equal((await view(caseId)).removedPages, 2);
  const proposal = await desk().proposals.propose(caseId);
  assert.deepEqual(proposal.now, [
    { documentId: one, kind: application, pages: [flat(pages[0])] },
    { documentId: bin, kind: binKind, pages: [flat(pages[1]), flat(pages[2], 90)] },
  ]);
  assert.deepEqual(proposal.documents, proposal.now);
  await desk().arrangements.arrange(me, caseId, [
    { documentId: one, kind: application, pages: [flat(pages[0]), flat(pages[2])] },
    { documentId: bin, kind: binKind, pages: [flat(pages[1])] },
  ]);
  assert.deepEqual(shown(caseId), { [application]: [flat(pages[0]), flat(pages[2])] });
  assert.equal((await view(caseId)).removedPages, 1);
});

test('what a second pile proposes to take out goes to what was taken out before', async () => {
  const { caseId, pileId, pages } = await pile(2);
  const bin = randomUUID();
  await desk().arrangements.arrange(me, caseId, [
    { documentId: pileId, kind: pileKind, pages: [flat(pages[0])] },
    { documentId: bin, kind: binKind, pages: [flat(pages[1])] },
  ]);
  desk().recogniser.blank = [0];
  await recognised(caseId);
  const { isRead, now, documents } = await desk().proposals.propose(caseId);
  assert.ok(isRead);
  assert.deepEqual(
    documents.filter(({ kind }) => kind === binKind),
    [{ documentId: bin, kind: binKind, pages: [flat(pages[1]), flat(pages[0])] }],
  );
  assert.ok(keepsAllPages(now, documents));
});

test('a page of a case of six hundred is moved: what stays where it is need not be told', async () => {
  await start();
  const caseId = await openCase();
  const ids = [application, photo, certificate].map(kind => ({ documentId: randomUUID(), kind }));
  const pages = ids.map(({ documentId }) =>
    Array.from({ length: 199 }, (_, index) =>
      flat(createHash('sha256').update(`${documentId} ${index}`).digest('hex')),
    ),
  );
  await desk().journal.commit(
    ids.flatMap(({ documentId, kind }, at) =>
      (pages[at] ?? []).map(({ sha256 }, index) => ({
        type: 'document.page-added' as const,
        subject: documentId,
        body: {
          caseId,
          kind,
          page: { sha256, sizeBytes: 1, mediaType: 'image/jpeg' },
          index,
          source: 'folder',
        },
      })),
    ),
  );
  const wanted = ids.map((id, at) => ({ ...id, pages: pages[at] ?? [] }));
  await desk().arrangements.arrange(me, caseId, wanted);
  assert.equal(count('case.pages-arranged'), 0);
  const [moved] = wanted[1]?.pages.splice(5, 1) ?? [];
  if (moved) wanted[2]?.pages.push(moved);
  await desk().arrangements.arrange(me, caseId, wanted);
  assert.deepEqual(shown(caseId)[certificate]?.at(-1), moved);
  assert.equal(shown(caseId)[photo]?.length, 198);
  await desk().journal.rebuild();
  assert.equal(shown(caseId)[certificate]?.length, 200);
});

test('a case of 1,200 pages is dealt out anew in one act, and back, and its facts say the same again', async () => {
  await start();
  const caseId = await openCase();
  const perDocument = limits.documentPages;
  const piles = Array.from({ length: 1200 / perDocument }, (_, pile) => ({
    documentId: randomUUID(),
    kind: pileKind,
    pages: Array.from({ length: perDocument }, (_, page) =>
      flat(createHash('sha256').update(`${pile} ${page}`).digest('hex')),
    ),
  }));
  await desk().journal.commit(
    piles.flatMap(({ documentId, kind, pages }) =>
      pages.map(({ sha256 }, index) => ({
        type: 'document.page-added' as const,
        subject: documentId,
        body: {
          caseId,
          kind,
          page: { sha256, mediaType: 'image/jpeg', sizeBytes: 1 },
          index,
          source: 'sane:test:0',
        },
      })),
    ),
  );
  // Every document gets pages of every other one, two documents are new, and one is thrown away.
  const all = piles.flatMap(({ pages }) => pages);
  const ids = [...piles.slice(1).map(({ documentId }) => documentId), randomUUID(), randomUUID()];
  const wanted = [
    ...ids.map((documentId, at) => ({
      documentId,
      kind: at % 2 === 0 ? application : photo,
      pages: all.filter((_, page) => page % ids.length === at).map(({ sha256 }) => flat(sha256, 90)),
    })),
    { documentId: piles[0]?.documentId ?? '', kind: pileKind, pages: [] },
  ];
  const lies = () =>
    new Map(
      desk()
        .store.documents(caseId)
        .map(({ id, kind }) => [
          id,
          {
            kind,
            pages: desk()
              .store.pages(id)
              .map(({ sha256, turn }) => flat(sha256, turn)),
          },
        ]),
    );
  const asWished = (wish: typeof wanted) =>
    new Map(
      wish
        .filter(({ pages }) => pages.length > 0)
        .map(({ documentId, kind, pages }) => [documentId, { kind, pages }]),
    );
  const head = desk().journal.head();
  await desk().arrangements.arrange(me, caseId, wanted);
  assert.deepEqual(lies(), asWished(wanted));
  const facts = desk()
    .journal.read(head, 1000)
    .filter(({ type }) => type === 'case.pages-arranged');
  assert.ok(facts.length > 1 && facts.length < 50, String(facts.length));

  await desk().journal.rebuild();
  assert.deepEqual(lies(), asWished(wanted));
  const gone = ids.slice(-2).map(documentId => ({ documentId, kind: photo, pages: [] }));
  await desk().arrangements.arrange(me, caseId, [...piles, ...gone]);
  assert.deepEqual(lies(), asWished(piles));
});
