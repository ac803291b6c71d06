import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApplicantDesk } from '../../device/cases/applicant-desk.ts';
import { readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import { packageReport } from '../../provisioning/okno/verify-report.ts';
import { rightPin } from '../fixtures/branch.ts';
import { filesOf } from '../fixtures/containers.ts';
import { rawZip } from '../fixtures/raw-zip.ts';
import { softwareToken } from '../fixtures/software-token.ts';
import {
  addPage,
  branch,
  count,
  desk,
  me,
  parties,
  readyCase,
  recognised,
  start,
  view,
} from './case-setting.ts';

const pin = '135790';

function applicants() {
  const { journal, store, blobs } = desk();
  const token = softwareToken(parties.applicant, pin);
  return createApplicantDesk({
    ...{ journal, store, blobs, token },
    trust: parties.trust,
    clock: branch.clock,
  });
}

async function sent(caseId: string): Promise<Buffer> {
  await desk().cases.sign(me, caseId, rightPin);
  await desk().cases.send(me, caseId);
  return await desk().blobs.get(desk().store.getCase(caseId).package_sha256 ?? '');
}

const judged = (bytes: Uint8Array, applicantAnchors = parties.trust.applicants) =>
  verifyPackage(bytes, {
    ...{ documentAnchors: parties.trust.clerks, containerAnchors: parties.trust.boxes },
    ...{ applicantAnchors, at: branch.clock.now() },
  });

test("KEM-19 an applicant's own card signs beside the clerk, and both are judged and told", async () => {
  await start();
  const { caseId, documents } = await readyCase();
  await assert.rejects(applicants().sign(me, caseId, '000000'), { code: 'token.pin-refused' });
  await applicants().sign(me, caseId, pin);
  await assert.rejects(applicants().sign(me, caseId, pin), { code: 'package.nothing-to-sign' });
  assert.deepEqual(
    (await view(caseId)).documents.map(({ isSignedByApplicant }) => isSignedByApplicant),
    documents.map(() => true),
  );
  const bytes = await sent(caseId);
  const names = (await filesOf(bytes)).map(({ name }) => name);
  assert.ok(names.includes('documents/01-application.pdf.applicant.sig'));
  const { references, metadata } = readPackage(bytes);
  assert.ok(references.some(({ name }) => name === 'documents/01-application.pdf.applicant.sig'));
  assert.match(JSON.stringify(metadata), /"applicantSigned":true/);

  const report = await judged(bytes);
  assert.equal(report.verdict, 'passed');
  assert.deepEqual(
    report.documents.map(({ signer, applicant }) => [signer?.commonName, applicant?.signer?.commonName]),
    documents.map(() => ['Образцова Проба Тестовна', 'Заявителева Проба Тестовна']),
  );
  const lines = packageReport('package.asice', report).signatures;
  assert.equal(lines.filter(({ role }) => role === 'applicant').length, documents.length);
  // Whose authority nobody trusts makes the whole doubtful.
  assert.equal((await judged(bytes, parties.trust.clerks)).verdict, 'indeterminate');
  await desk().journal.settled();
  await branch.restart();
  assert.ok((await view(caseId)).documents.every(({ isSignedByApplicant }) => isSignedByApplicant));
});

test('KEM-19 a signature file of the applicant is taken only when it is good and of this document', async () => {
  await start();
  const { caseId, documents } = await readyCase();
  const [first = '', second = ''] = documents;
  const pdf = await desk().blobs.get(desk().store.getDocument(first).pdf_sha256 ?? '');
  const good = await parties.applicant.sign(pdf);
  const take = (documentId: string, signature: Uint8Array) => applicants().take(me, documentId, signature);
  await assert.rejects(take(second, good), { code: 'capture.signature-of-another' });
  await assert.rejects(take(first, Buffer.from('none')), { code: 'capture.signature-unreadable' });
  await assert.rejects(take(first, await parties.clerk.sign(pdf)), {
    code: 'case.applicant-signature-refused',
  });
  assert.equal(count('document.applicant-signed'), 0);
  await take(first, Buffer.from(Buffer.from(good).toString('base64')));
  // Another page makes other bytes, which the applicant has not signed.
  await take(
    second,
    await parties.applicant.sign(await desk().blobs.get(desk().store.getDocument(second).pdf_sha256 ?? '')),
  );
  await addPage(caseId, 'photo');
  await recognised(caseId);
  const bytes = await sent(caseId);
  const { documents: packed } = readPackage(bytes);
  assert.deepEqual(
    packed.map(({ applicantSignature }) => applicantSignature !== null),
    [true, false, false],
  );
  assert.equal((await judged(bytes)).verdict, 'passed');
  await assert.rejects(take(first, good), { code: 'case.wrong-state' });
});

test('KEM-19 nobody can exchange, take away or put in an applicant’s signature', async () => {
  await start();
  const { caseId } = await readyCase();
  await applicants().sign(me, caseId, pin);
  const files = await filesOf(await sent(caseId));
  const path = 'documents/01-application.pdf.applicant.sig';
  const other = files.find(({ name }) => name === 'documents/02-photo.pdf.applicant.sig')?.bytes;
  assert.ok(other);
  const verdict = async (changed: typeof files) => {
    const { verdict: said, reasons, detail } = await judged(rawZip(changed));
    return [said, ...reasons, detail ?? ''].join(' ').trim();
  };
  assert.equal(await verdict(files), 'passed');
  const exchanged = files.map(file => (file.name === path ? { name: path, bytes: other } : file));
  assert.match(await verdict(exchanged), /^failed .*HASH_FAILURE/);
  assert.match(
    await verdict(files.filter(({ name }) => name !== path)),
    /^indeterminate SIGNED_DATA_NOT_FOUND$/,
  );
  const more = { name: 'documents/04-more.pdf.applicant.sig', bytes: other };
  assert.match(await verdict([...files, more]), /^failed FORMAT_FAILURE signature-without-document/);
});
