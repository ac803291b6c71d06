import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createPrivateKey } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import PDFDocument from 'pdfkit';
import { keepCopies } from '../../central/archive/readable/keep-copies.ts';
import { writeReadableCopy } from '../../central/archive/readable/readable-copy.ts';
import type { ReadableJob } from '../../central/archive/readable/readable-job.ts';
import { readableLines } from '../../central/archive/readable/xml-sheets.ts';
import { buildPackage } from '../../protocol/package/asice.ts';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { packageFormat } from '../../protocol/package/metadata.ts';
import { buildCades, signWithKey } from '../../protocol/signature/cades.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { openTestCentre, silentLog } from '../fixtures/books.ts';
import { openArchive, register, timeZone } from './archive-setting.ts';
import { folder, until } from './sync-setting.ts';

const run = promisify(execFile);
const algorithm = 'ecdsa-p256-sha256';
const authority = await createAuthority('Удостоверяющий центр (проба)');
const clerk = await authority.issue({
  ...{ commonName: 'Окошкина Анна Примеровна', organisation: 'МФЦ «Приозёрский»' },
  ...{ usage: 'signing', days: 2 },
});
const anchor = Buffer.from(authority.certificateDer).toString('base64');
const keptAt = new Date(Date.now() + 60_000).toISOString();

async function pdf(lines: string[], subset?: 'PDF/A-2b'): Promise<Buffer> {
  const font = '/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf';
  const document = new PDFDocument({
    autoFirstPage: false,
    font,
    pdfVersion: '1.7',
    ...(subset && { subset }),
  });
  const bytes = buffer(document);
  for (const line of lines) document.addPage({ size: 'A4' }).fontSize(14).text(line);
  document.end();
  return await bytes;
}

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<e:Extract xmlns:e="urn:probe" number="54-17"><e:Owner><e:Name>Пробина Вера Тестовна</e:Name><e:Share/></e:Owner>
<e:Address region="54">г. Нижнеозёрск, ул. Образцовая, д. 41</e:Address></e:Extract>`;

async function makePackage(): Promise<Uint8Array> {
  const cades = (content: Uint8Array) =>
    buildCades({
      contentDigest: createHash('sha256').update(content).digest(),
      certificate: clerk.certificateDer,
      signingTime: new Date(),
      algorithm,
      sign: signWithKey(createPrivateKey(clerk.privateKey ?? ''), algorithm),
    });
  const files: [name: string, mediaType: string, bytes: Uint8Array][] = [
    [
      '01-application.pdf',
      'application/pdf',
      await pdf(['Заявление, лист один', 'Заявление, лист два'], 'PDF/A-2b'),
    ],
    ['02-contract.pdf', 'application/pdf', await pdf(['Договор без PDF/A'])],
    ['03-extract.xml', 'application/xml', Buffer.from(xml)],
    ['04-plan.dwg', 'application/octet-stream', Buffer.from('AC1032 чертёж')],
    ['05-broken.pdf', 'application/pdf', Buffer.from('%PDF-1.7 обломок')],
  ];
  const documents = await Promise.all(
    files.map(async ([name, mediaType, bytes]) => ({
      name,
      mediaType,
      bytes,
      signature: await cades(bytes),
    })),
  );
  const id = '00000000-0000-4000-8000-000000000001';
  return await buildPackage({
    documents,
    metadata: {
      ...{
        format: packageFormat,
        packageId: id,
        caseId: id,
        caseNumber: 'ПР-041-2026-000017',
        branchId: 'mfc-041',
      },
      ...{ serviceId: 'housing-subsidy', agencyId: 'housing', ticketId: id, registerVersion: 1, window: '1' },
      openedAt: '2026-11-22T06:00:00.000Z',
      clerk: { login: 'clerk', name: 'Окошкина А. П.', post: 'Специалист' },
      documents: [{ name: '01-application.pdf', documentId: id, kind: 'application', pages: 2, fields: [] }],
    },
    signManifest: cades,
  });
}

const container = await makePackage();
const job: ReadableJob = {
  kind: 'package',
  caseNumber: 'ПР-041-2026-000017',
  service: 'Предоставление субсидий на оплату жилого помещения и коммунальных услуг',
  agency: 'Управление жилищных субсидий (вымышленное)',
  branch: 'МФЦ «Приозёрский», ул. Образцовая, 41',
  region: 'Приозёрская область (вымышленная)',
  sha256: createHash('sha256').update(container).digest('hex'),
  keptAt,
  timeZone,
  titles: { application: 'Заявление о субсидии' },
  anchors: { documents: [anchor], containers: [anchor] },
};

async function copyOf(t: TestContext, bytes: Uint8Array) {
  const dir = await folder(t);
  const file = join(dir, 'copy.pdf');
  const work = join(dir, 'work');
  await mkdir(work);
  const done = await writeReadableCopy(sourceOf(bytes), job, work, file);
  const { stdout: text } = await run('pdftotext', ['-layout', file, '-']);
  const { stdout: info } = await run('pdfinfo', ['-meta', file]);
  await run('qpdf', ['--check', file]);
  return { ...done, file, info, pages: text.split('\f').slice(0, -1), bytes: await readFile(file) };
}

test('LED-3.10 a readable copy is PDF/A and shows contents, every document and all signatures', async t => {
  const copy = await copyOf(t, container);
  assert.equal(copy.verdict, 'passed');
  assert.match(copy.info, /<pdfaid:part>2<[\s\S]*<pdfaid:conformance>B</);
  const [cover = '', one = '', two = '', , extract = ''] = copy.pages;
  assert.match(cover, /стр\. 2–3 +Заявление о субсидии/);
  assert.match(cover, /стр\. 4 +02-contract\.pdf/);
  assert.match(cover, /изображениями/);
  assert.match(cover, /не показан +04-plan\.dwg/);
  assert.match(cover, /не показан +05-broken\.pdf/);
  assert.match(cover, /Все подписи действительны/);
  assert.match(one, /лист один/);
  assert.match(two, /лист два/);
  assert.match(extract, /@number: 54-17[\s\S]*Name: Пробина Вера Тестовна[\s\S]*Address: г\. Нижнеозёрск/);
  const signatures = copy.pages.slice(5).join('\n');
  assert.equal(signatures.match(/Окошкина Анна Примеровна/g)?.length, 6);
  const again = await copyOf(t, container);
  assert.ok(again.bytes.equals(copy.bytes), 'the same input gives the same bytes');
});

test('LED-3.10 a copy of what was changed or is damaged says so', async t => {
  const changed = Buffer.from(container);
  const at = changed.indexOf('чертёж');
  changed[at] = (changed[at] ?? 0) ^ 1;
  const copies = [await copyOf(t, changed), await copyOf(t, Buffer.from('PK no container'))];
  for (const { verdict, pages } of copies) {
    assert.equal(verdict, 'failed');
    assert.match(pages[0] ?? '', /Проверка не пройдена/);
  }
});

test('an XML file is read as names and values, cut where it is too long', () => {
  assert.deepEqual(readableLines(Buffer.from('<a b="1"><c> x  y </c><d/></a>')).lines, [
    { depth: 0, name: 'a', value: null },
    { depth: 1, name: '@b', value: '1' },
    { depth: 1, name: 'c', value: 'x y' },
    { depth: 1, name: 'd', value: '' },
  ]);
  assert.equal(readableLines(Buffer.from(`<a>${'<b/>'.repeat(6000)}</a>`)).isCut, true);
});

test('F02 copies are made in a child, again when they are gone, and one that fails keeps no other one out', async t => {
  const books = await openTestCentre();
  const archive = await openArchive(t, books);
  const { storage, blobs, clock } = archive;
  t.after(() => storage.close());
  const good = await archive.arrive({ package: Buffer.from(container), result: Buffer.from('no container') });
  const gone = await archive.arrive({ result: Buffer.from('no container') });
  await archive.intake.round();
  await blobs.remove(gone.package);
  const start = () => {
    const keeper = keepCopies({
      ...{ storage, blobs, troubles: books.troubles, clock, timeZone, log: silentLog },
      anchors: {
        ...{ clerks: [authority.certificateDer], boxes: [authority.certificateDer] },
        ...{ officers: [], agencySystems: [] },
      },
      register: async () => register,
      branchName: () => 'МФЦ',
      onMade: () => {},
    });
    t.after(() => keeper.stop());
    return keeper;
  };
  const made = async () =>
    new Map(
      (await storage.query.selectFrom('archive_copies').selectAll().execute()).map(row => [row.sha256, row]),
    );
  const copyOfGood = async () => (await made()).get(good.package)?.copy_sha256;
  const first = start();
  await until('one has failed for good', async () => {
    first.kick();
    const rows = await made();
    return rows.get(gone.package)?.tries === 3;
  });
  await until('both others are made', async () => {
    first.kick();
    return [...(await made()).values()].filter(row => row.copy_sha256 !== null).length === 2;
  });
  assert.equal((await made()).get(gone.package)?.code, 'journal.blob-missing');
  const copy = await copyOfGood();
  assert.match((await blobs.get(copy ?? '')).toString('latin1', 0, 5), /%PDF/);
  await first.stop();
  assert.deepEqual(
    (await books.troubles.newest(9)).map(({ code, subject }) => [code, subject]),
    [['archive.copy-failed', gone.number]],
  );

  await blobs.remove(copy ?? '');
  const second = start();
  await until(
    'the copy is there again',
    async () => (await blobs.has(copy ?? '')) && (await copyOfGood()) === copy,
  );
  await second.stop();
});
