import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { AppError } from '../../protocol/app-error.ts';
import { errorText } from '../../protocol/errors.ts';
import { isPackage, readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import { clerkAt, rightPin, signingParties } from '../fixtures/branch.ts';
import { documentsOf } from '../fixtures/containers.ts';
import {
  addPage,
  branch,
  count,
  desk,
  me,
  nextPage,
  openCase,
  parties,
  readyCase,
  recognised,
  required,
  seat,
  serviceId,
  signedCase,
  start,
  view,
} from './case-setting.ts';

/** Packages among the blobs: one that nobody sent would be taken for a sent one after records are lost. */
async function packagesKept(): Promise<string[]> {
  const kept = [];
  for await (const sha256 of desk().blobs.digests())
    if (isPackage(await desk().blobs.get(sha256))) kept.push(sha256);
  return kept;
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

describe('signing', () => {
  test('KEM-8 LED-3.6 signs every document apart, and needs all that is required', async () => {
    await start();
    const caseId = await openCase();
    await addPage(caseId, 'photo');
    await recognised(caseId);
    await assert.rejects(desk().cases.sign(me, caseId, rightPin), (error: AppError) => {
      assert.equal(error.code, 'case.documents-missing');
      assert.doesNotMatch(errorText(error.code, 'en', error.details), /[а-яё]/iu);
      return true;
    });
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
    const { metadata } = readPackage(bytes);
    const packed = await documentsOf(bytes);
    assert.equal(packed.length, documents.length);
    for (const [index, id] of documents.entries()) {
      const { pdf_sha256: pdf } = desk().store.getDocument(id);
      assert.deepEqual(packed[index]?.bytes, await desk().blobs.get(pdf ?? ''));
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
    assert.deepEqual(await packagesKept(), [before.package?.sha256]);
  });

  test('refuses what is not signed', async () => {
    await start();
    const { caseId } = await readyCase();
    await assert.rejects(desk().cases.send(me, caseId), { code: 'case.not-signed' });
  });

  test('LED-3.6 refuses a package that does not verify, and the case stays open', async () => {
    // The clerk's certificate is of an authority that the box does not believe.
    const strangers = await signingParties();
    await start({ parties: { ...parties, clerk: strangers.clerk } });
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
    assert.deepEqual(await packagesKept(), []);
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

test('a case that one package cannot hold is refused before anything is signed, and can be sorted anew', async () => {
  await start();
  const { caseId, documents } = await readyCase();
  const { db, cases } = desk();
  db.exec(`update documents set pdf_bytes = 300 * 1024 * 1024 where id <> '${documents[2]}'`);
  await assert.rejects(cases.sign(me, caseId, rightPin), { code: 'case.too-large' });
  assert.equal(count('document.signed'), 0);
  db.exec(`update documents set pdf_bytes = 1000`);
  await cases.sign(me, caseId, rightPin);
  await cases.send(me, caseId);
});

test('F23 a register of the centre that cannot be read says so, and the old one stays', async () => {
  await start();
  const bad = await desk().blobs.put(Buffer.from('{"version": 99'), 'application/json');
  const version = desk().register.version();
  await assert.rejects(desk().results.down.register({ version: 99, content: bad }, 1), {
    code: 'setup.bad-configuration',
  });
  assert.equal(desk().register.version(), version);
});

test('F04 a register counts when it is on the disk: one that could not be written is written with the repeat of its word', async () => {
  await start();
  const { register, results, journal, blobs } = desk();
  const version = register.version();
  const next = { ...register.get(), version: version + 1 };
  const content = await blobs.put(Buffer.from(JSON.stringify(next)), 'application/json');
  const said = { version: next.version, content };
  // The disk is full, and what the word causes is not written.
  assert.equal((await results.down.register(said, 1)).length, 1);
  assert.equal(register.version(), version);
  const repeated = await results.down.register(said, 1);
  await journal.commit(repeated);
  assert.equal(register.version(), next.version);
  assert.deepEqual(await results.down.register(said, 1), []);
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
