import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createPrivateKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { makePaperCopy, type PaperCopyInput } from '../../device/results/paper-copy.ts';
import { documentFonts } from '../../platform/paper/document-fonts.ts';
import { finished, newSheets } from '../../platform/paper/sheet.ts';
import { AppError } from '../../protocol/app-error.ts';
import { buildPackage, type PackageReport, verifyPackage } from '../../protocol/package/asice.ts';
import { buildCades, signWithKey } from '../../protocol/signature/cades.ts';
import { type Authority, createAuthority } from '../../provisioning/certificates/authority.ts';

const run = promisify(execFile);
const algorithm = 'ecdsa-p256-sha256';
const signedAt = new Date('2026-03-12T09:30:00Z');
const madeAt = new Date('2026-03-12T22:05:07Z');

let dir: string;
let authority: Authority;
let officer: Awaited<ReturnType<Authority['issue']>>;
let input: PaperCopyInput & { container: Uint8Array };

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-copy-'));
  authority = await createAuthority('Учебный удостоверяющий центр', {
    days: 3650,
    notBefore: new Date('2026-01-01T00:00:00Z'),
  });
  officer = await authority.issue({
    commonName: 'Образцова Вера Примеровна',
    organisation: 'Комитет по вымышленным делам Приозёрской области',
    title: 'Начальник отдела выдачи решений',
    usage: 'signing',
    days: 365,
    notBefore: new Date('2026-01-15T00:00:00Z'),
  });
  input = await inputFor([
    { name: '01-reshenie.pdf', bytes: await letter('Решение № 17 о постройке маяка', 2) },
  ]);
});
after(() => rm(dir, { recursive: true, force: true }));

async function letter(text: string, pages: number): Promise<Uint8Array> {
  const sheet = newSheets(text, signedAt);
  for (let page = 1; page <= pages; page++)
    sheet.addPage().fontSize(13).text(`${text}. Страница ${page} подлинника.`);
  return finished(sheet);
}

async function inputFor(
  documents: { name: string; bytes: Uint8Array }[],
  signingTime = signedAt,
): Promise<PaperCopyInput & { container: Uint8Array }> {
  assert.ok(officer.privateKey);
  const sign = signWithKey(createPrivateKey(officer.privateKey), algorithm);
  const cades = (content: Uint8Array) =>
    buildCades({
      contentDigest: createHash('sha256').update(content).digest(),
      certificate: officer.certificateDer,
      signingTime,
      algorithm,
      sign,
    });
  const signed: Parameters<typeof buildPackage>[0]['documents'] = [];
  for (const { name, bytes } of documents)
    signed.push({ name, bytes, mediaType: 'application/pdf', signature: await cades(bytes) });
  const container = await buildPackage({ documents: signed, metadata: {}, signManifest: cades });
  const anchors = [authority.certificateDer];
  const report = await verifyPackage(container, {
    documentAnchors: anchors,
    containerAnchors: anchors,
    at: madeAt,
  });
  assert.equal(report.verdict, 'passed', JSON.stringify(report.reasons));
  return {
    container,
    report,
    title: 'Решение о предоставлении услуги',
    branch: {
      name: 'Филиал МФЦ «Приозёрский»',
      address: 'Приозёрская область, г. Нижнеозёрск, ул. Образцовая, д. 41',
    },
    clerk: { name: 'П. Т. Выдумкина', post: 'Старший специалист отдела приёма и выдачи документов' },
    caseNumber: 'МФЦ-041-2026-000123',
    copyNumber: 2,
    madeAt,
    timeZone: 'Asia/Yekaterinburg',
    checkUrl: 'https://okno.example/check/7f3a91c2d4',
  };
}

async function textOf(pdf: Uint8Array): Promise<string> {
  const file = join(dir, `${createHash('sha256').update(pdf).digest('hex')}.pdf`);
  await writeFile(file, pdf);
  // Also proves that the file is sound: any warning makes qpdf end with a status.
  await run('qpdf', ['--check', file]);
  return (await run('pdftotext', ['-layout', file, '-'])).stdout;
}

const words = (text: string) => text.replace(/\s+/g, ' ');

test('LED-3.18 the copy holds the whole result, its signature, and the branch’s certification', async () => {
  const copy = await makePaperCopy(input);
  assert.equal(copy.pages, 3);
  const text = await textOf(copy.pdf);
  const sheets = text.split('\f').slice(0, -1);
  assert.equal(sheets.length, 3);
  assert.match(sheets[0] ?? '', /Решение № 17 о постройке маяка\. Страница 1 подлинника\./);
  assert.match(sheets[1] ?? '', /Страница 2 подлинника/);
  for (const [index, sheet] of sheets.entries()) assert.match(sheet, new RegExp(`Лист ${index + 1} из 3`));
  const certification = words(sheets[2] ?? '');
  const [signature] = input.report.documents;
  assert.ok(signature?.signer);
  const digest = createHash('sha256').update(input.container).digest('hex');
  for (const said of [
    'Копия электронного документа на бумажном носителе верна',
    'Экземпляр № 2 от 13 марта 2026 г.',
    'МФЦ-041-2026-000123',
    '01-reshenie.pdf, листы 1–2',
    'Образцова Вера Примеровна',
    'Начальник отдела выдачи решений',
    'Комитет по вымышленным делам Приозёрской области',
    signature.signer.serial,
    'Учебный удостоверяющий центр',
    'с 15.01.2026 по 15.01.2027',
    '12.03.2026, 14:30:00 (UTC+5)',
    'Подпись действительна',
    'Проверено 13.03.2026, 03:05:07 (UTC+5)',
    'Филиал МФЦ «Приозёрский»',
    'ул. Образцовая, д. 41',
    'П. Т. Выдумкина',
    'Старший специалист',
    'М. П.',
    '3 листа',
    'https://okno.example/check/7f3a91c2d4',
  ])
    assert.ok(certification.includes(said), `${said} in ${certification}`);
  assert.ok(certification.replaceAll(' ', '').includes(digest));
});

test('LED-3.18 the QR code leads to the address for checking', async () => {
  const file = join(dir, 'qr.pdf');
  await writeFile(file, (await makePaperCopy(input)).pdf);
  await run('pdftoppm', ['-r', '150', '-f', '3', '-png', '-singlefile', file, join(dir, 'qr')]);
  const { data, info } = await sharp(join(dir, 'qr.png'))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const image = {
    data: new Uint8ClampedArray(data),
    width: info.width,
    height: info.height,
    colorSpace: 'srgb',
  };
  const wasmBinary = await readFile(new URL(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
  await prepareZXingModule({
    overrides: { wasmBinary: Uint8Array.from(wasmBinary).buffer },
    fireImmediately: true,
  });
  const codes = await readBarcodes(image as ImageData, { formats: ['QRCode'] });
  assert.deepEqual(
    codes.map(code => code.text),
    [input.checkUrl],
  );
});

test('the same input gives the same bytes', async () => {
  const copy = await makePaperCopy(input);
  assert.deepEqual(await makePaperCopy(input), copy);
});

test('several documents are certified each with its own signature, on as many sheets as that takes', async () => {
  const many = await inputFor(
    await Promise.all(
      [1, 2, 3, 4].map(async number => ({
        name: `0${number}-vypiska.pdf`,
        bytes: await letter(`Выписка № ${number}`, number),
      })),
    ),
  );
  const copy = await makePaperCopy(many);
  const text = await textOf(copy.pdf);
  const sheets = text.split('\f').slice(0, -1);
  assert.equal(sheets.length, copy.pages);
  assert.ok(copy.pages > 11);
  assert.match(sheets.at(-1) ?? '', new RegExp(`Лист ${copy.pages} из ${copy.pages}`));
  assert.match(words(text), /04-vypiska\.pdf, листы 7–10/);
  assert.equal(text.match(/Подпись действительна/g)?.length, 4);
  assert.match(words(text), new RegExp(`скреплено печатью: ${copy.pages} лист`));
});

test('LED-3.12 nothing is certified unless this very container passed', async () => {
  const refused = { name: 'AppError', code: 'package.verification-failed' };
  const failed: PackageReport = { ...input.report, verdict: 'failed', reasons: ['SIG_CRYPTO_FAILURE'] };
  await assert.rejects(makePaperCopy({ ...input, report: failed }), refused);
  const doubtful: PackageReport = { ...input.report, verdict: 'indeterminate' };
  await assert.rejects(makePaperCopy({ ...input, report: doubtful }), refused);
  for (const name of ['01-other.pdf', '01-reshenie.pdf']) {
    const other = await inputFor(
      [{ name, bytes: await letter('Другой результат', 1) }],
      new Date('2026-03-12T09:31:00Z'),
    );
    await assert.rejects(makePaperCopy({ ...input, container: other.container }), refused);
  }
});

test('a result that is no PDF is refused, and no part of it stays on the disk', async () => {
  const before = (await readdir(tmpdir())).filter(name => name.startsWith('okno-paper-copy-'));
  const broken = await inputFor([{ name: '01-scan.pdf', bytes: Buffer.from('это не PDF') }]);
  await assert.rejects(makePaperCopy(broken), { code: 'package.malformed' });
  const left = (await readdir(tmpdir())).filter(name => name.startsWith('okno-paper-copy-'));
  assert.deepEqual(
    left.filter(name => !before.includes(name)),
    [],
  );
});

test('a machine without Cyrillic fonts is told which package to install', () => {
  const nowhere = '/nowhere.ttf';
  const family = { text: nowhere, bold: nowhere, small: nowhere, smallBold: nowhere, mono: nowhere };
  assert.throws(
    () => documentFonts([family]),
    (error: unknown) => error instanceof AppError && error.code === 'setup.package-missing',
  );
});
