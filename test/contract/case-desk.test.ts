import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import type { ScannerOfBranch } from '../../device/cases/scan-desk.ts';
import type { ScannedPage } from '../../device/peripherals/driver.ts';
import { AppError } from '../../protocol/app-error.ts';
import { readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import {
  type BranchWish,
  clerkAt,
  openBranch,
  rightPin,
  type SigningParties,
  signingParties,
  smallPage,
  type TestBranch,
} from '../fixtures/branch.ts';
import { blankPage } from '../fixtures/pages.ts';
import { plainRecogniser } from '../fixtures/plain-recogniser.ts';

const serviceId = 'passport-issue'; // requires application, photo and birth-certificate
const required = ['application', 'photo', 'birth-certificate'];
const me = clerkAt('1');
let parties: SigningParties;
let branch: TestBranch;
let pages = 0;

before(async () => {
  parties = await signingParties();
});
afterEach(() => branch.close());

const start = async (wish: Omit<BranchWish, 'parties'> = {}) => {
  branch = await openBranch({ parties, ...wish });
};
const desk = () => branch.now();
const view = (caseId: string) => desk().views.get(caseId);
const types = () =>
  desk()
    .journal.read(0, 1000)
    .map(fact => fact.type);
const count = (type: string) => types().filter(each => each === type).length;

/** A person at the window, without the printer's help. */
async function seat(number = 'Б01'): Promise<string> {
  const subject = randomUUID();
  const issued = { number, serviceId, day: '2026-11-23', requestId: randomUUID() };
  const at = { window: '1', clerk: me.login };
  await desk().journal.commit([
    { type: 'ticket.issued', subject, body: issued },
    { type: 'ticket.waiting', subject, body: { by: 'printed' } },
    { type: 'ticket.called', subject, body: { ...at, call: 1 } },
    { type: 'ticket.serving', subject, body: at },
  ]);
  return subject;
}
const openCase = async (service = serviceId) =>
  desk().cases.open(me, { ticketId: await seat(), serviceId: service });

const nextPage = async (): Promise<ScannedPage> => ({
  bytes: await smallPage(++pages),
  source: 'sane:test:0',
});

async function addPage(caseId: string, kind: string, page?: ScannedPage): Promise<string> {
  const documentId = desk().documents.documentFor(caseId, kind);
  await desk().documents.addPage({ caseId, kind, documentId, page: page ?? (await nextPage()) });
  return documentId;
}

async function recognised(caseId: string): Promise<void> {
  desk().documents.recogniseWaiting();
  while (
    desk()
      .store.documents(caseId)
      .some(({ state }) => state === 'recognising')
  )
    await new Promise(resolve => setTimeout(resolve, 5));
  await desk().journal.settled();
}

/** A case with everything that is required, recognised. */
async function readyCase(): Promise<{ caseId: string; documents: string[] }> {
  const caseId = await openCase();
  const documents = [];
  for (const kind of required) documents.push(await addPage(caseId, kind));
  await recognised(caseId);
  return { caseId, documents };
}

async function signedCase() {
  const ready = await readyCase();
  await desk().cases.sign(me, ready.caseId, rightPin);
  return ready;
}

describe('a case is opened', () => {
  test('KEM-7 for the person at the window, once, with a number of its own', async () => {
    await start();
    const ticketId = await seat();
    const caseId = await desk().cases.open(me, { ticketId, serviceId });
    assert.equal(await desk().cases.open(me, { ticketId, serviceId }), caseId);
    const year = branch.clock.now().getFullYear();
    assert.equal((await view(caseId)).number, `ПР-900-${year}-000001`);
    await desk().journal.commit([
      { type: 'ticket.done', subject: ticketId, body: { window: '1', clerk: me.login } },
    ]);
    const other = await desk().cases.open(me, { ticketId: await seat('Б02'), serviceId });
    assert.equal((await view(other)).number, `ПР-900-${year}-000002`);
  });

  test('not for somebody who is not at this window', async () => {
    await start();
    const ticketId = await seat();
    for (const who of [clerkAt('2'), { ...me, window: null }])
      await assert.rejects(() => desk().cases.open(who, { ticketId, serviceId }), {
        code: 'queue.wrong-state',
      });
    await assert.rejects(() => desk().cases.open(me, { ticketId: randomUUID(), serviceId }), {
      code: 'queue.unknown-ticket',
    });
  });

  test('LED-3.1 only when an agreement with the agency is in force', async () => {
    await start();
    await assert.rejects(openCase('resident-parking'), { code: 'case.no-agreement' });
    assert.equal(count('case.opened'), 0);
  });

  test('only for a service of the register', async () => {
    await start();
    await assert.rejects(openCase('no-such-service'), { code: 'queue.unknown-service' });
  });
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
  const scanner = (id: string, scan: ScannerOfBranch['scanner']['scan']): ScannerOfBranch => ({
    ...{ id, title: id, dpi: 200 },
    scanner: { scan },
  });

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

  test('that are no pages are refused with the reason', async () => {
    await start();
    assert.deepEqual(await arrive('a.jpg', Buffer.from('no')), {
      kind: 'rejected',
      code: 'capture.not-an-image',
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
    assert.equal(desk().index.search('заявления', 5).length, 1);
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

describe('signing', () => {
  test('KEM-8 LED-3.6 signs every document apart, and needs all that is required', async () => {
    await start();
    const caseId = await openCase();
    await addPage(caseId, 'photo');
    await recognised(caseId);
    await assert.rejects(desk().cases.sign(me, caseId, rightPin), { code: 'case.documents-missing' });
    await addPage(caseId, 'application');
    await addPage(caseId, 'birth-certificate');
    await assert.rejects(desk().cases.sign(me, caseId, rightPin), { code: 'case.not-recognised' });
    await recognised(caseId);
    await desk().cases.sign(me, caseId, rightPin);
    assert.equal(count('document.signed'), 3);
    const signatures = desk()
      .store.documents(caseId)
      .map(document => document.signature_sha256);
    assert.equal(new Set(signatures).size, 3);
    await assert.rejects(desk().cases.sign(me, caseId, rightPin), { code: 'package.nothing-to-sign' });
  });

  test('records a refused PIN without the PIN and signs nothing', async () => {
    await start();
    const { caseId } = await readyCase();
    await assert.rejects(desk().cases.sign(me, caseId, '55500055'), { code: 'token.pin-refused' });
    assert.equal(count('token.pin-refused'), 1);
    assert.equal(count('document.signed'), 0);
    assert.ok(!JSON.stringify(desk().journal.read(0, 1000)).includes('55500055'));
  });

  test('leaves a document unsigned that changed while the token worked', async () => {
    await start();
    const { caseId, documents } = await readyCase();
    const [changed = '', discarded = '', same = ''] = documents;
    desk().token.whileBusy = async () => {
      await addPage(caseId, 'application');
      await desk().documents.discard(me, discarded);
    };
    await desk().cases.sign(me, caseId, rightPin);
    assert.deepEqual(
      [changed, discarded, same].map(id => desk().store.findDocument(id)?.state),
      ['recognising', 'discarded', 'signed'],
    );
    await assert.rejects(desk().cases.send(me, caseId), { code: 'case.documents-missing' });
  });

  test('twice at the same time signs once', async () => {
    await start();
    const { caseId } = await readyCase();
    await Promise.all([1, 2].map(() => desk().cases.sign(me, caseId, rightPin)));
    assert.equal(count('document.signed'), required.length);
  });

  test('is undone by nothing but discarding: a signed document takes no page and no other field', async () => {
    await start();
    const { caseId, documents } = await signedCase();
    const [documentId = ''] = documents;
    assert.throws(() => desk().documents.documentFor(caseId, 'application'), { code: 'case.wrong-state' });
    const page = await nextPage();
    await assert.rejects(desk().documents.addPage({ caseId, kind: 'application', documentId, page }), {
      code: 'case.wrong-state',
    });
    await assert.rejects(desk().documents.confirmFields(me, documentId, []), { code: 'case.wrong-state' });
    assert.equal(await desk().documents.discard(me, documentId), caseId);
    await assert.rejects(desk().cases.send(me, caseId), { code: 'case.documents-missing' });
    await addPage(caseId, 'application');
    await recognised(caseId);
    await desk().cases.sign(me, caseId, rightPin);
    await desk().cases.send(me, caseId);
    assert.equal((await view(caseId)).documents.length, 3);
  });
});

describe('sending', () => {
  const sentPackage = async (caseId: string) => desk().blobs.get((await view(caseId)).package?.sha256 ?? '');

  test('LED-3.4 makes one package of all documents with their signatures, which verifies', async () => {
    await start();
    const { caseId, documents } = await signedCase();
    await desk().cases.send(me, caseId);
    const bytes = await sentPackage(caseId);
    const { trust } = parties;
    const at = branch.clock.now();
    const report = await verifyPackage(bytes, {
      ...{ documentAnchors: trust.clerks, containerAnchors: trust.boxes, at },
    });
    assert.equal(report.verdict, 'passed');
    const { documents: packed, metadata } = readPackage(bytes);
    assert.equal(packed.length, documents.length);
    for (const [index, id] of documents.entries()) {
      const { pdf_sha256: pdf } = desk().store.getDocument(id);
      assert.deepEqual(Buffer.from(packed[index]?.bytes ?? []), await desk().blobs.get(pdf ?? ''));
    }
    assert.equal((metadata as { caseId: string }).caseId, caseId);
    assert.equal((await view(caseId)).state, 'sent');
  });

  test('twice, one after another or at once, is one package', async () => {
    await start();
    const { caseId } = await signedCase();
    await Promise.all([desk().cases.send(me, caseId), desk().cases.send(me, caseId)]);
    const before = await view(caseId);
    await desk().cases.send(me, caseId);
    assert.equal(count('case.sent'), 1);
    assert.deepEqual((await view(caseId)).package, before.package);
  });

  test('refuses what is not signed', async () => {
    await start();
    const { caseId } = await readyCase();
    await assert.rejects(desk().cases.send(me, caseId), { code: 'case.not-signed' });
  });

  test('LED-3.6 refuses a package that does not verify, and the case stays open', async () => {
    // The clerk's certificate is of an authority that the box does not believe.
    const strangers = await signingParties();
    branch = await openBranch({ parties: { ...parties, clerk: strangers.clerk } });
    const { caseId } = await signedCase();
    await assert.rejects(desk().cases.send(me, caseId), error => {
      assert.ok(error instanceof AppError && /^package\./.test(error.code));
      return true;
    });
    assert.equal(count('case.sent'), 0);
    assert.equal((await view(caseId)).state, 'open');
  });

  test('refuses when a page came while the package was made: nothing is left behind', async () => {
    await start();
    const { caseId, documents } = await signedCase();
    const page = await nextPage();
    const sending = desk().cases.send(me, caseId);
    await desk().documents.discard(me, documents[0] ?? '');
    const documentId = desk().documents.documentFor(caseId, 'application');
    const adding = desk().documents.addPage({ caseId, kind: 'application', documentId, page });
    await assert.rejects(sending, { code: 'case.not-signed' });
    await adding;
    assert.equal((await view(caseId)).state, 'open');
    assert.equal(count('case.sent'), 0);
  });

  test('closes the case: nothing in it can be changed any more', async () => {
    await start();
    const { caseId, documents } = await signedCase();
    await desk().cases.send(me, caseId);
    const [documentId = ''] = documents;
    const refused = { code: 'case.wrong-state' };
    const page = await nextPage();
    await assert.rejects(desk().documents.assertIntake(caseId, 'photo'), refused);
    await assert.rejects(
      desk().documents.addPage({ caseId, kind: 'passport', documentId: randomUUID(), page }),
      refused,
    );
    await assert.rejects(() => desk().documents.discard(me, documentId), refused);
    await assert.rejects(desk().documents.confirmFields(me, documentId, []), refused);
    await assert.rejects(desk().documents.recogniseAgain(documentId), refused);
    await assert.rejects(desk().cases.sign(me, caseId, rightPin), refused);
    await assert.rejects(() => desk().results.handOut(me, caseId), refused);
  });
});

test('F22 a register of the centre that cannot be read is passed over, and the old one stays', async () => {
  await start();
  const bad = await desk().blobs.put(Buffer.from('{"version": 99'), 'application/json');
  const version = desk().register.version();
  assert.deepEqual(await desk().results.down.register({ version: 99, content: bad }, 1), []);
  assert.equal(desk().register.version(), version);
});

test('a register that the disk lost is replaced by the one before', async () => {
  await start();
  const register = { ...desk().register.get(), version: 50 };
  const content = await desk().blobs.put(Buffer.from(JSON.stringify(register)), 'application/json');
  await desk().journal.commit([
    { type: 'register.adopted', subject: 'mfc-900', body: { version: 50, content } },
    {
      type: 'register.adopted',
      subject: 'mfc-900',
      body: { version: 51, content: { ...content, sha256: 'f'.repeat(64) } },
    },
  ]);
  assert.equal((await branch.restart()).register.version(), 50);
});
