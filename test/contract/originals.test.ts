import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import PDFDocument from 'pdfkit';
import type { FactBody } from '../../protocol/facts.ts';
import { readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import { type PackageMetadata, readMetadata } from '../../protocol/package/metadata.ts';
import { rightPin } from '../fixtures/branch.ts';
import { documentsOf } from '../fixtures/containers.ts';
import {
  addPage,
  branch,
  count,
  desk,
  me,
  openCase,
  parties,
  recognised,
  required,
  start,
  view,
} from './case-setting.ts';

const [application = '', photo = '', certificate = ''] = required;
const extract = Buffer.from(
  '<?xml version="1.0" encoding="windows-1251"?>\r\n<!-- as it came -->\r\n<e:extract xmlns:e="urn:x" number="99/2026">' +
    '<e:owner>\xcf\xf0\xe8\xec\xe5\xf0</e:owner>\r\n<e:area unit="\xec&#178;">54,3</e:area></e:extract>\r\n',
  'latin1',
);

/** A PDF that looks signed inside, and acts by itself when told to. */
async function pdf(more: { script?: boolean; password?: boolean } = {}): Promise<Buffer> {
  const document = new PDFDocument({
    info: { Title: '/ByteRange', CreationDate: new Date('2026-01-02T03:04:05Z') },
    ...(more.password && { userPassword: 'secret' }),
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise(resolve => document.on('end', resolve));
  document.text('Page one').addPage().text('Page two');
  if (more.script) {
    const { _root: root } = document as unknown as { _root: { data: Record<string, unknown> } };
    root.data.OpenAction = { S: 'JavaScript', JS: new String('app.alert(1)') };
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const add = (caseId: string, kind: string, bytes: Uint8Array, signature?: Uint8Array) =>
  desk().originals.add(me, caseId, { kind, bytes, ...(signature && { signature }) });
const documentOf = async (caseId: string, kind: string) => {
  const found = (await view(caseId)).documents.find(document => document.kind === kind);
  assert.ok(found, kind);
  return found;
};

test('KEM-8 digital originals go into the package byte for byte, with what signed them, under the clerk’s signature', async () => {
  await start();
  const caseId = await openCase();
  const signedPdf = await pdf();
  const foreign = await parties.officer.sign(extract);
  await addPage(caseId, application);
  await add(caseId, photo, signedPdf);
  await add(caseId, certificate, extract, foreign);
  await recognised(caseId);

  const shown = await documentOf(caseId, photo);
  assert.deepEqual(shown.original, { format: 'pdf', sizeBytes: signedPdf.length, hasSignatureFile: false });
  assert.deepEqual([shown.state, shown.pages.length, shown.pdfSha256], ['ready', 2, sha256(signedPdf)]);
  const xml = await documentOf(caseId, certificate);
  assert.deepEqual(xml.original, { format: 'xml', sizeBytes: extract.length, hasSignatureFile: true });
  assert.deepEqual([xml.state, xml.pages.length, xml.pdfSha256], ['ready', 0, sha256(extract)]);

  // A power cut, and tables built anew from the facts.
  await branch.restart();
  await desk().journal.rebuild();
  await desk().cases.sign(me, caseId, rightPin);
  await branch.restart();
  await desk().cases.send(me, caseId);

  const sent = desk().store.getCase(caseId).package_sha256 ?? '';
  const bytes = await desk().blobs.get(sent);
  const read = readPackage(bytes);
  const files = new Map((await documentsOf(bytes)).map(({ name, bytes: file }) => [name, sha256(file)]));
  assert.deepEqual(
    [...files.keys()],
    [`01-${application}.pdf`, `02-${photo}.pdf`, `03-${certificate}.xml`, `03-${certificate}.xml.p7s`],
  );
  assert.equal(files.get(`02-${photo}.pdf`), sha256(signedPdf));
  assert.equal(files.get(`03-${certificate}.xml`), sha256(extract));
  assert.equal(files.get(`03-${certificate}.xml.p7s`), sha256(foreign));
  assert.equal(read.references.find(({ name }) => name.endsWith('.xml'))?.mediaType, 'application/xml');
  // The centre counts the files of a package against what the box said of it.
  const said = desk()
    .journal.read(0, 1000)
    .find(({ type }) => type === 'case.sent')?.body as FactBody<'case.sent'>;
  assert.deepEqual(
    said.documents.map(({ pdf: digest }) => digest),
    [...files.values()],
  );
  const { documents } = readMetadata(read.metadata) as PackageMetadata;
  assert.deepEqual(
    documents.map(({ original, signatureFile }) => [original, signatureFile]),
    [
      [undefined, undefined],
      [true, undefined],
      [true, `03-${certificate}.xml.p7s`],
    ],
  );
  const report = await verifyPackage(bytes, {
    documentAnchors: parties.trust.clerks,
    containerAnchors: parties.trust.boxes,
    at: branch.clock.now(),
  });
  assert.equal(report.verdict, 'passed');
  assert.equal(report.documents.length, 4);
});

test('what an XML original says can be read and found, and none of it is run', async () => {
  await start();
  const caseId = await openCase();
  await add(caseId, certificate, extract);
  await recognised(caseId);
  const row = desk().store.documents(caseId)[0];
  const { pages } = await desk().recognitions.get(row?.recognition_sha256 ?? '');
  assert.match(pages[0]?.text ?? '', /^number: 99\/2026$/m);
  assert.match(pages[0]?.text ?? '', /^unit: м²$/m);
  assert.match(pages[0]?.text ?? '', /^area: 54,3$/m);
});

test('the same file again is the same document; paper for that line becomes a document of its own', async () => {
  await start();
  const caseId = await openCase();
  const file = await pdf();
  await add(caseId, photo, file);
  await add(caseId, photo, file);
  assert.equal(count('document.original-added'), 1);
  const paper = await addPage(caseId, photo);
  const [original, other] = desk().store.documents(caseId);
  assert.notEqual(original?.id, paper);
  assert.equal(other?.id, paper);
  const page = {
    bytes: await desk().blobs.get(desk().store.pages(paper)[0]?.sha256 ?? ''),
    source: 'sane:0',
  };
  await assert.rejects(
    desk().documents.addPage({ caseId, kind: photo, documentId: original?.id ?? '', page }),
    { code: 'capture.original-whole' },
  );
});

test('an original keeps all its pages as they are; only its line of the checklist may change', async () => {
  await start();
  const caseId = await openCase();
  await add(caseId, photo, await pdf());
  await recognised(caseId);
  const [{ id: documentId = '' } = {}] = desk().store.documents(caseId);
  const pages = desk()
    .store.pages(documentId)
    .map(({ sha256: name, turn }) => ({ sha256: name, turn }));
  const [one, two] = pages;
  assert.ok(one && two);
  const arrange = (wanted: typeof pages, kind = photo) =>
    desk().arrangements.arrange(me, caseId, [{ documentId, kind, pages: wanted }]);
  for (const wanted of [[two, one], [one], [one, { ...two, turn: 90 as const }], []])
    await assert.rejects(arrange(wanted), { code: 'capture.original-whole' });
  const { now } = await desk().proposals.propose(caseId);
  assert.deepEqual(now, []);
  await arrange(pages, certificate);
  await recognised(caseId);
  const moved = await documentOf(caseId, certificate);
  assert.equal(moved.original?.format, 'pdf');
  assert.equal(moved.pdfSha256, sha256(await pdf()));
});

test('what cannot be passed on is refused with a reason, and nothing of it is in the case', async () => {
  await start();
  const caseId = await openCase();
  const other = await parties.officer.sign(Buffer.from('another file'));
  const refusals: [code: string, bytes: Uint8Array, signature?: Uint8Array][] = [
    ['capture.empty', Buffer.alloc(0)],
    ['capture.not-an-original', Buffer.from('just words')],
    ['capture.not-an-original', Buffer.from('<?xml version="1.0" encoding="no-such"?><a/>')],
    ['capture.not-an-original', Buffer.from([0x3c, 0x61, 0xff, 0xfe, 0x3e])],
    ['capture.pdf-active', await pdf({ script: true })],
    ['capture.pdf-password', await pdf({ password: true })],
    ['capture.damaged', (await pdf()).subarray(0, 200)],
    ['capture.signature-unreadable', extract, Buffer.from('no signature at all')],
    ['capture.signature-unreadable', extract, Buffer.alloc(0)],
    ['capture.signature-of-another', extract, other],
  ];
  for (const [code, bytes, signature] of refusals)
    await assert.rejects(add(caseId, photo, bytes, signature), { code });
  await assert.rejects(add(caseId, 'pile', extract), { code: 'internal.bad-request' });
  await assert.rejects(add(caseId, 'medical-certificate', extract), { code: 'internal.bad-request' });
  assert.equal(count('document.original-added'), 0);
});

test('a signature in base64 is passed on as it was written', async () => {
  await start();
  const caseId = await openCase();
  const der = await parties.officer.sign(extract);
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\r\n');
  const pem = Buffer.from(`-----BEGIN CMS-----\r\n${lines}\r\n-----END CMS-----\r\n`);
  await add(caseId, certificate, extract, pem);
  const [document] = desk().store.documents(caseId);
  assert.equal(document?.original_signature_sha256, sha256(pem));
});
