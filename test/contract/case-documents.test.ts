import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import PDFDocument from 'pdfkit';
import type { ScannerOfBranch } from '../../device/cases/scan-desk.ts';
import { AppError } from '../../protocol/app-error.ts';
import { rightPin, smallPage } from '../fixtures/branch.ts';
import { blankPage } from '../fixtures/pages.ts';
import { plainRecogniser } from '../fixtures/plain-recogniser.ts';
import {
  addPage,
  branch,
  count,
  desk,
  me,
  nextPage,
  openCase,
  readyCase,
  recognised,
  serviceId,
  start,
  view,
} from './case-setting.ts';

const scanner = (id: string, scan: ScannerOfBranch['scanner']['scan']): ScannerOfBranch => ({
  ...{ id, title: id, dpi: 200 },
  scanner: { scan },
});

describe('paper', () => {
  test('that is no picture, empty or damaged is refused and the pages before stay', async () => {
    await start();
    const caseId = await openCase();
    const documentId = await addPage(caseId, 'application');
    const whole = await smallPage(40);
    const bad = {
      'capture.not-an-image': Buffer.from('this is no picture'),
      'capture.empty': Buffer.alloc(0),
      'capture.damaged': whole.subarray(0, whole.length - 200),
    };
    for (const [code, bytes] of Object.entries(bad))
      await assert.rejects(addPage(caseId, 'application', { bytes, source: 'folder:a' }), { code });
    await addPage(caseId, 'application');
    assert.deepEqual(
      desk()
        .store.pages(documentId)
        .map(page => page.page_index),
      [0, 1],
    );
  });

  test('F04 is refused before it is taken when the disk is nearly full, and tickets go on', async () => {
    await start({ minFreeBytes: Number.MAX_SAFE_INTEGER });
    const caseId = await openCase();
    await assert.rejects(desk().documents.assertIntake(caseId, 'photo'), { code: 'case.disk-low' });
    await assert.rejects(desk().scans.take(caseId, 'photo', ['x']), { code: 'case.disk-low' });
    const ticket = await desk().hall.issue({ requestId: randomUUID(), serviceId });
    assert.equal(ticket.state, 'waiting');
  });

  test('of a kind that the service does not ask for is refused (KEM-3.x: no data that is not needed)', async () => {
    await start();
    const caseId = await openCase();
    await assert.rejects(desk().documents.assertIntake(caseId, 'medical-certificate'), {
      code: 'internal.bad-request',
    });
  });

  test('that looks blank is kept: a clerk decides about it', async () => {
    await start();
    const caseId = await openCase();
    await addPage(caseId, 'photo', { bytes: await blankPage(), source: 'sane:test:0' });
    await recognised(caseId);
    assert.equal((await view(caseId)).documents[0]?.state, 'ready');
  });
});

describe('scanning', () => {
  test('F28 keeps the pages before a jam, says so, and goes on with the same document', async () => {
    let jammed = true;
    const jamming = scanner('feeder', async function* () {
      yield await nextPage();
      yield await nextPage();
      if (jammed) throw new AppError('scanner.jammed', { pages: 2 });
    });
    await start({ scanners: [jamming] });
    const caseId = await openCase();
    const outcome = await desk().scans.scan(caseId, 'application', 'feeder');
    assert.deepEqual([outcome.pages, outcome.error?.code], [2, 'scanner.jammed']);
    assert.equal(desk().scans.scanners()[0]?.error?.code, 'scanner.jammed');
    jammed = false;
    const again = await desk().scans.scan(caseId, 'application', 'feeder');
    assert.deepEqual([again.documentId, again.pages, again.error], [outcome.documentId, 2, null]);
    assert.equal(desk().store.pages(outcome.documentId).length, 4);
    assert.equal(desk().scans.scanners()[0]?.state, 'ready');
  });

  test('tells a fault before the first page as a refusal', async () => {
    const empty = scanner('feeder', async function* () {
      yield* [];
      throw new AppError('scanner.no-documents');
    });
    await start({ scanners: [empty] });
    const caseId = await openCase();
    await assert.rejects(desk().scans.scan(caseId, 'photo', 'feeder'), { code: 'scanner.no-documents' });
    await assert.rejects(desk().scans.scan(caseId, 'photo', 'other'), { code: 'scanner.absent' });
    assert.deepEqual((await view(caseId)).documents, []);
  });

  test('is one at a time at a scanner, also for two clerks who press at once', async () => {
    let begun = 0;
    const slow = scanner('feeder', async function* () {
      begun++;
      yield await nextPage();
    });
    await start({ scanners: [slow] });
    const caseId = await openCase();
    const scan = () => desk().scans.scan(caseId, 'photo', 'feeder');
    const [first, second] = await Promise.allSettled([scan(), scan()]);
    assert.equal(first?.status, 'fulfilled');
    assert.ok(second?.status === 'rejected' && second.reason.code === 'scanner.busy');
    assert.equal(begun, 1);
  });

  test('is stopped by the clerk: what was drawn stays, the rest is not, and the scanner is free', async () => {
    const stoppable = scanner('feeder', async function* ({ signal }) {
      for (;;) {
        yield await nextPage();
        signal.throwIfAborted();
        if (desk().scans.scanners()[0]?.scan?.pages === 3) desk().scans.stopScan('feeder');
      }
    });
    await start({ scanners: [stoppable] });
    const caseId = await openCase();
    const { documentId, pages, error } = await desk().scans.scan(caseId, 'photo', 'feeder');
    assert.deepEqual([pages, error], [4, null]);
    assert.equal(desk().store.pages(documentId).length, 4);
    const [after] = desk().scans.scanners();
    assert.deepEqual([after?.state, after?.scan, after?.error], ['ready', null, null]);
    desk().scans.stopScan('feeder');
    assert.equal((await desk().scans.scan(caseId, 'application', 'feeder')).error, null);
  });

  test('pages are read while the next ones are drawn, and shown as they come', async () => {
    const seen: unknown[] = [];
    const drawn: Uint8Array[] = [];
    const watched = scanner('feeder', async function* () {
      for (let page = 0; page < 3; page++) {
        const next = await nextPage();
        drawn.push(next.bytes);
        yield next;
        const shown = (await view(caseId)).documents[0];
        seen.push([shown?.pages.length, desk().scans.scanners()[0]?.scan]);
      }
    });
    await start({ scanners: [watched] });
    const caseId = await openCase();
    const { documentId } = await desk().scans.scan(caseId, 'photo', 'feeder');
    assert.deepEqual(
      seen,
      [1, 2, 3].map(pages => [pages, { caseId, documentId, pages }]),
    );
    assert.deepEqual(desk().recogniser.ahead, drawn.slice(0, 2));
  });

  test('does not bring back a document that was discarded meanwhile', async () => {
    const discarding = scanner('feeder', async function* () {
      yield await nextPage();
      const [document] = desk().store.documents(caseId);
      await desk().documents.discard(me, document?.id ?? '');
      yield await nextPage();
    });
    await start({ scanners: [discarding] });
    const caseId = await openCase();
    const outcome = await desk().scans.scan(caseId, 'photo', 'feeder');
    assert.equal(outcome.error?.code, 'capture.unknown-document');
    assert.deepEqual((await view(caseId)).documents, []);
  });
});

describe('files of a multi-function printer', () => {
  const arrive = async (name: string, bytes: Uint8Array) =>
    desk().incoming.accept({ name, bytes, sizeBytes: bytes.length });
  const waiting = async () => (await desk().incoming.view()).files;

  test('wait for a clerk, once, however often they are offered, and also after a restart', async () => {
    await start();
    const page = await smallPage(7);
    for (let offer = 0; offer < 2; offer++)
      assert.deepEqual(await arrive('scan-1.jpg', page), { kind: 'taken' });
    await branch.restart();
    await arrive('scan-1.jpg', page);
    assert.deepEqual(
      (await waiting()).map(({ name }) => name),
      ['scan-1.jpg'],
    );
  });

  test('go into one document, also when two clerks take the same one at once', async () => {
    await start();
    const caseId = await openCase();
    await arrive('scan-1.jpg', await smallPage(7));
    const [file] = await waiting();
    const take = (kind: string) => desk().scans.take(caseId, kind, [file?.id ?? '']);
    const outcomes = await Promise.allSettled([take('photo'), take('application')]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'internal.not-found');
    await assert.rejects(take('photo'), { code: 'internal.not-found' });
    assert.equal(count('document.page-added'), 1);
    assert.deepEqual(await waiting(), []);
  });

  test('of several pages wait page by page, in their order, however often they are offered', async () => {
    await start();
    const pages = await Promise.all([60, 120, 200].map(level => smallPage(level)));
    const document = new PDFDocument({ autoFirstPage: false });
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    for (const page of pages) document.addPage({ size: 'A7' }).image(Buffer.from(page), 0, 0, { width: 100 });
    const ended = new Promise(resolve => document.once('end', resolve));
    document.end();
    await ended;
    for (let offer = 0; offer < 2; offer++)
      assert.deepEqual(await arrive('scan-2.pdf', Buffer.concat(chunks)), { kind: 'taken' });
    assert.deepEqual(
      (await waiting()).map(({ name }) => name),
      ['scan-2.pdf, 001/3', 'scan-2.pdf, 002/3', 'scan-2.pdf, 003/3'],
    );
  });

  test('that are no pages are refused with the reason', async () => {
    await start();
    assert.deepEqual(await arrive('a.jpg', Buffer.from('no')), {
      kind: 'rejected',
      code: 'capture.not-an-image',
      details: {},
    });
    assert.deepEqual(await waiting(), []);
  });
});

describe('recognition', () => {
  test('F01 goes on after a restart of the box', async () => {
    const recogniser = plainRecogniser();
    await start({ recogniser });
    const caseId = await openCase();
    recogniser.hold();
    await addPage(caseId, 'photo');
    desk().documents.recogniseWaiting();
    await branch.restart();
    assert.equal(desk().store.documents(caseId)[0]?.state, 'recognising');
    await recognised(caseId);
    assert.equal(desk().store.documents(caseId)[0]?.state, 'ready');
    await desk().index.catchUp();
    assert.equal((await desk().index.search('заявления', {}, 5)).length, 1);
  });

  test('that fails says why, keeps the pages, and can be tried again', async () => {
    const recogniser = plainRecogniser();
    recogniser.trouble = new AppError('capture.timeout', { page: 0 });
    await start({ recogniser });
    const { caseId, documents } = await readyCase();
    const [documentId = ''] = documents;
    const [document] = (await view(caseId)).documents;
    assert.deepEqual(
      [document?.state, document?.error?.code, document?.pages.length],
      ['failed', 'capture.timeout', 1],
    );
    await assert.rejects(desk().cases.sign(me, caseId, rightPin), { code: 'capture.timeout' });
    await assert.rejects(desk().documents.confirmFields(me, documentId, []), { code: 'capture.timeout' });
    recogniser.trouble = undefined;
    await Promise.all(documents.flatMap(id => [1, 2].map(() => desk().documents.recogniseAgain(id))));
    await recognised(caseId);
    assert.equal(count('document.recognition-restarted'), documents.length);
    await desk().cases.sign(me, caseId, rightPin);
  });

  test('of a document with a damaged page reads the others, and the sheet scanned again takes its place', async () => {
    const recogniser = plainRecogniser();
    recogniser.damaged = [1];
    const feeder = scanner('feeder', async function* () {
      yield await nextPage();
      yield await nextPage();
    });
    await start({ recogniser, scanners: [feeder] });
    const { caseId, documents } = await readyCase();
    const [documentId = ''] = documents;
    const kind = desk().store.getDocument(documentId).kind;
    for (let page = 1; page < 3; page++) await addPage(caseId, kind);
    await recognised(caseId);
    const shown = async () => (await view(caseId)).documents.find(each => each.documentId === documentId);
    const before = await shown();
    assert.deepEqual([before?.state, before?.error?.code], ['failed', 'capture.pages-damaged']);
    assert.deepEqual(
      before?.pages.map(page => page.error?.code),
      [undefined, 'capture.damaged', undefined],
    );
    assert.ok(before?.error?.ru.includes(': 2.'), before?.error?.ru);
    assert.ok(before?.fields.length, 'what was read can be looked at');
    await assert.rejects(desk().cases.sign(me, caseId, rightPin), { code: 'capture.pages-damaged' });

    recogniser.damaged = [];
    await assert.rejects(desk().scans.scan(caseId, kind, 'feeder', 3), { code: 'internal.not-found' });
    assert.equal((await desk().scans.scan(caseId, kind, 'feeder', 1)).pages, 1);
    await recognised(caseId);
    const after = await shown();
    assert.deepEqual([after?.state, after?.error, after?.pages.length], ['ready', null, 3]);
    assert.notEqual(after?.pages[1]?.sha256, before?.pages[1]?.sha256);
    assert.deepEqual([after?.pages[0], after?.pages[2]], [before?.pages[0], before?.pages[2]]);
    await desk().cases.sign(me, caseId, rightPin);
  });

  test('F41 that breaks on one document marks it and never takes the hall down with it', async () => {
    const recogniser = plainRecogniser();
    recogniser.trouble = new TypeError('nobody expected this');
    await start({ recogniser });
    const { caseId } = await readyCase();
    assert.equal((await view(caseId)).documents[0]?.error?.code, 'internal.unexpected');
  });

  test('of a page that rotted on the disk marks the document and never takes the hall down with it', async () => {
    await start();
    const caseId = await openCase();
    const documentId = await addPage(caseId, 'photo');
    const sha256 = desk().store.pages(documentId)[0]?.sha256 ?? '';
    const path = join(branch.dir, 'blobs', sha256.slice(0, 2), sha256);
    await chmod(path, 0o600);
    await writeFile(path, 'rotten');
    await recognised(caseId);
    assert.equal((await view(caseId)).documents[0]?.error?.code, 'journal.blob-corrupt');
  });

  test('begins anew when a page comes meanwhile, and ends with all pages', async () => {
    const recogniser = plainRecogniser();
    await start({ recogniser });
    const caseId = await openCase();
    const release = recogniser.hold();
    const documentId = await addPage(caseId, 'photo');
    desk().documents.recogniseWaiting();
    await addPage(caseId, 'photo');
    release();
    await recognised(caseId);
    assert.equal(count('document.recognised'), 1);
    const document = desk().store.getDocument(documentId);
    const { pages: read } = await desk().recognitions.get(document.recognition_sha256 ?? '');
    assert.equal(read.length, 2);
  });

  test('is undone by another page: what was read of the document before does not count', async () => {
    const recogniser = plainRecogniser();
    await start({ recogniser });
    const { caseId, documents } = await readyCase();
    recogniser.hold();
    const documentId = await addPage(caseId, 'application');
    assert.equal(documentId, documents[0]);
    const document = (await view(caseId)).documents.find(each => each.documentId === documentId);
    assert.deepEqual([document?.state, document?.fields], ['recognising', []]);
    await assert.rejects(desk().cases.sign(me, caseId, rightPin), { code: 'case.not-recognised' });
  });

  test('of many documents never holds all of them in memory', async () => {
    const recogniser = plainRecogniser();
    await start({ recogniser });
    const caseId = await openCase();
    const page = await smallPage(3);
    const { sha256 } = await desk().blobs.put(page, 'image/jpeg');
    for (let index = 0; index < 12; index++)
      await desk().documents.addPage({
        ...{ caseId, kind: 'photo', documentId: randomUUID() },
        page: { bytes: page, source: 'folder:a' },
      });
    const release = recogniser.hold();
    desk().documents.recogniseWaiting();
    while (recogniser.inHand < 4) await new Promise(resolve => setTimeout(resolve, 5));
    await Promise.all(Array.from({ length: 12 }, () => desk().blobs.get(sha256)));
    assert.equal(recogniser.inHand, 4);
    release();
    await recognised(caseId);
    assert.equal(count('document.recognised'), 12);
  });

  test('corrected fields are recorded with their number, as the clerk left them', async () => {
    await start();
    const { caseId, documents } = await readyCase();
    const [documentId = ''] = documents;
    await desk().documents.confirmFields(me, documentId, [
      { name: 'full-name', value: ' Примерова Проба Образцовна ' },
      { name: 'address', value: 'ул. Тестовая, 1' },
    ]);
    const fact = desk()
      .journal.read(0, 1000)
      .findLast(({ type }) => type === 'document.fields-confirmed');
    assert.deepEqual([fact?.body.corrected, fact?.body.clerk], [1, me.login]);
    assert.ok(!JSON.stringify(fact).includes('Пример'), 'no personal data in a fact');
    const document = (await view(caseId)).documents.find(each => each.documentId === documentId);
    assert.equal(document?.state, 'confirmed');
    assert.deepEqual(
      document?.fields.map(({ value, corrected }) => [value, corrected]),
      [
        ['Примерова Проба Образцовна', true],
        ['ул. Тестовая, 1', false],
      ],
    );
  });

  test('a field that was not found is typed in, shown, and counted as corrected', async () => {
    await start();
    const { caseId, documents } = await readyCase();
    const [documentId = ''] = documents;
    const confirm = (name: string, value: string) =>
      desk().documents.confirmFields(me, documentId, [{ name, value }]);
    await confirm('snils', '112-233-445 95');
    const field = (await view(caseId)).documents[0]?.fields.find(({ name }) => name === 'snils');
    assert.deepEqual([field?.value, field?.check, field?.box], ['112-233-445 95', 'passed', null]);
    const fact = desk()
      .journal.read(0, 1000)
      .findLast(({ type }) => type === 'document.fields-confirmed');
    assert.equal(fact?.body.corrected, 1);
    await assert.rejects(confirm('shoe-size', '42'), { code: 'internal.bad-request' });
  });

  for (const [what, kind, turned] of [
    ['when its document went to another line', 'application', false],
    ['when its pages changed places', 'photo', true],
  ] as const)
    test(`that was under way ${what} begins anew`, async () => {
      const recogniser = plainRecogniser();
      await start({ recogniser });
      const caseId = await openCase();
      const release = recogniser.hold();
      const documentId = await addPage(caseId, 'photo');
      await addPage(caseId, 'photo');
      desk().documents.recogniseWaiting();
      while (recogniser.inHand === 0) await new Promise(resolve => setTimeout(resolve, 5));
      const before = desk().store.pages(documentId);
      const wanted = turned ? before.toReversed() : before;
      const pages = wanted.map(({ sha256 }) => ({ sha256, turn: 0 as const }));
      await desk().arrangements.arrange(me, caseId, [{ documentId, kind, pages }]);
      release();
      await recognised(caseId);
      assert.equal(count('document.recognised'), 1);
      assert.equal(recogniser.read, 2, 'what was read of the document before does not count');
      assert.equal(desk().store.getDocument(documentId).kind, kind);
    });

  test('warnings stand in the open case and refuse nothing', async () => {
    await start();
    const { caseId, documents } = await readyCase();
    const [first = '', second = ''] = documents;
    const warnings = async () => (await view(caseId)).warnings.map(({ code }) => code);
    assert.deepEqual(await warnings(), []);
    for (const [documentId, value] of [
      [first, 'Примеров Тест Образцович'],
      [second, 'Макетова Проба Шаблоновна'],
    ] as const)
      await desk().documents.confirmFields(me, documentId, [{ name: 'full-name', value }]);
    // A photograph is about nobody's papers: only an application and the like are compared.
    assert.deepEqual(await warnings(), []);
    await desk().documents.discard(me, second);
    assert.deepEqual(await warnings(), ['missing']);
  });

  test('fields of a document that got another page meanwhile are not confirmed', async () => {
    await start();
    const { caseId, documents } = await readyCase();
    const [documentId = ''] = documents;
    const page = await nextPage();
    const confirming = desk()
      .documents.confirmFields(me, documentId, [])
      .catch(error => assert.equal(error.code, 'case.not-recognised'));
    await desk().journal.commit([
      {
        type: 'document.page-added',
        subject: documentId,
        body: {
          ...{ caseId, kind: 'application', index: 1, source: 'folder:a' },
          page: await desk().blobs.put(page.bytes, 'image/jpeg'),
        },
      },
    ]);
    await confirming;
    await recognised(caseId);
    assert.equal(desk().store.getDocument(documentId).state, 'ready');
  });
});
