import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import { pagesOfFile } from '../../device/capture/pages-of-file.ts';
import type { TakePage } from '../../device/capture/take-pages.ts';
import { limits } from '../../protocol/limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-file-pages-'));
after(() => rmSync(folder, { recursive: true }));

/** A PDF whose pages carry a number each. */
async function pdf(
  pages: number,
  change: (document: PDFKit.PDFDocument) => void = () => undefined,
  options = {},
) {
  const document = new PDFDocument({ autoFirstPage: false, ...options });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise(resolve => document.once('end', resolve));
  for (let page = 1; page <= pages; page++) document.addPage({ size: 'A6' }).text(`Page ${page}`);
  change(document);
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

const grey = (level: number, width = 300, height = 400) =>
  sharp({ create: { width, height, channels: 3, background: { r: level, g: level, b: level } } });

async function tiffOf(levels: number[]): Promise<Buffer> {
  const pages = await Promise.all(levels.map(level => grey(level).png().toBuffer()));
  return await sharp(pages, { join: { across: 1, animated: true } })
    .tiff({ compression: 'deflate' })
    .toBuffer();
}

async function pagesIn(bytes: Uint8Array) {
  const pages: Parameters<TakePage>[0][] = [];
  const found = await pagesOfFile(bytes, async page => void pages.push(page));
  if (found.kind === 'pages') assert.equal(found.count, pages.length);
  return found.kind === 'pages' ? { kind: 'pages' as const, pages } : found;
}

async function codeOf(bytes: Uint8Array): Promise<string> {
  const found = await pagesIn(bytes);
  return found.kind === 'refused' ? found.code : `${found.pages.length} pages`;
}

test('a picture is one page, byte for byte', async () => {
  const bytes = await grey(200).jpeg().toBuffer();
  assert.deepEqual(await pagesIn(bytes), { kind: 'pages', pages: [{ bytes, mediaType: 'image/jpeg' }] });
});

test('a PDF gives its pages in their order, and twice the same ones', async () => {
  const bytes = await pdf(11);
  const found = await pagesIn(bytes);
  assert.ok(found.kind === 'pages');
  assert.equal(found.pages.length, 11);
  assert.deepEqual(await pagesIn(bytes), found);
  const { width } = await sharp(found.pages[0]?.bytes).metadata();
  assert.equal(width, Math.ceil((297.64 * 200) / 72));
});

test('a TIFF of several pages gives each of them', async () => {
  const found = await pagesIn(await tiffOf([250, 100, 10]));
  assert.ok(found.kind === 'pages', JSON.stringify(found));
  const levels = await Promise.all(
    found.pages.map(async ({ bytes }) => (await sharp(bytes).stats()).channels[0]?.mean ?? 0),
  );
  assert.deepEqual(
    levels.map(level => Math.round(level / 10)),
    [25, 10, 1],
  );
});

test('bad files: each is refused with the code that says what to do', async () => {
  const jpeg = await grey(128).jpeg().toBuffer();
  assert.equal(await codeOf(Buffer.alloc(0)), 'capture.empty');
  assert.equal(await codeOf(jpeg.subarray(0, jpeg.length >> 1)), 'capture.damaged');
  assert.equal(await codeOf(Buffer.from('GIF89a with the ending .jpg')), 'capture.not-an-image');
  assert.equal(await codeOf(await grey(255, 30_000, 4_000).png().toBuffer()), 'capture.too-many-pixels');
  assert.equal(await codeOf(Buffer.alloc(limits.pageBytes + 1)), 'capture.too-large');
});

test('a TIFF packed in a way that nobody unpacks says so, and not that the sheet is bad', async () => {
  const tiff = await grey(128).tiff({ compression: 'none' }).toBuffer();
  const directory = tiff.readUInt32LE(4);
  for (let at = directory + 2; at < tiff.length - 12; at += 12)
    if (tiff.readUInt16LE(at) === 259) {
      tiff.writeUInt16LE(34_661, at + 8); // JBIG
      break;
    }
  const found = await pagesIn(tiff);
  assert.deepEqual(found, {
    kind: 'refused',
    code: 'capture.unknown-compression',
    details: { compression: 34_661 },
  });
});

test('a PDF with a password, a program, a signature, too many pages, or cut short is refused, each in its way', async () => {
  assert.equal(await codeOf(await pdf(1, undefined, { userPassword: 'secret' })), 'capture.pdf-password');
  const active = await pdf(1, document => {
    const { _root: root } = document as unknown as { _root: { data: Record<string, unknown> } };
    root.data.OpenAction = { S: 'JavaScript', JS: new String('app.alert(1)') };
  });
  assert.equal(await codeOf(active), 'capture.pdf-active');
  const signed = await pdf(
    1,
    document => document.info && Object.assign(document.info, { Title: '/ByteRange' }),
  );
  assert.equal(await codeOf(signed), 'capture.pdf-signed');
  assert.equal(await codeOf(await pdf(limits.documentPages + 1)), 'capture.too-many-pages');
  const whole = await pdf(3);
  assert.equal(await codeOf(whole.subarray(0, 200)), 'capture.damaged');
});

test('a PDF of 5,000 pages costs a look and no drawing', async () => {
  const one = join(folder, 'one.pdf');
  const many = join(folder, 'many.pdf');
  writeFileSync(one, await pdf(100));
  execFileSync('qpdf', ['--empty', '--pages', ...Array.from({ length: 50 }, () => one), '--', many]);
  const found = await pagesIn(readFileSync(many));
  assert.deepEqual(found, {
    kind: 'refused',
    code: 'capture.too-many-pages',
    details: { pages: 5000, most: limits.documentPages },
  });
});

test('a page of a PDF that is as large as a house is not drawn', async () => {
  const huge = await pdf(0, document => document.addPage({ size: [14_000, 14_000] }).text('x'));
  assert.equal(await codeOf(huge), 'capture.too-many-pixels');
});

/** A PDF written by hand, for what no library writes. */
function handMade(objects: readonly string[]): Buffer {
  let text = '%PDF-1.7\n';
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(`${text}${table}${trailer}`);
}
const square = '1 0 0 rg 10 10 100 100 re f';
const onePage = (page: string, catalog = '', ...more: string[]) =>
  handMade([
    `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    `<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>${page}>>`,
    `<</Length ${square.length}>>stream\n${square}\nendstream`,
    ...more,
  ]);
const small = '/MediaBox[0 0 144 288]';

test('a PDF whose pages do not say all of it is refused as paper: a form of Adobe’s, files inside', async () => {
  assert.equal(await codeOf(onePage(small)), '1 pages');
  const form = onePage(small, '/AcroForm<</Fields[]/XFA 5 0 R>>', '<</Length 1>>stream\nx\nendstream');
  assert.equal(await codeOf(form), 'capture.pdf-form');
  const attached = onePage(
    small,
    '/Names<</EmbeddedFiles<</Names[(a) 5 0 R]>>>>',
    '<</Type/Filespec/F(a)/EF<</F 6 0 R>>>>',
    '<</Type/EmbeddedFile/Length 1>>stream\nx\nendstream',
  );
  assert.equal(await codeOf(attached), 'capture.pdf-attachments');
});

test('a page of a PDF is what a reader shows of it, and one that cannot be drawn is not taken for an empty one', async () => {
  const cropped = await pagesIn(onePage('/MediaBox[0 0 14000 14000]/CropBox[0 0 144 288]'));
  assert.ok(cropped.kind === 'pages');
  const { width, height } = await sharp(cropped.pages[0]?.bytes).metadata();
  assert.deepEqual([width, height], [400, 800]);
  assert.equal(await codeOf(onePage('/MediaBox[0 0 99999999999 99999999999]')), 'capture.too-many-pixels');
});
