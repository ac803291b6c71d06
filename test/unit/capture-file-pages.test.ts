import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import { pagesOfFile } from '../../device/capture/pages-of-file.ts';
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

async function codeOf(bytes: Uint8Array): Promise<string> {
  const found = await pagesOfFile(bytes);
  return found.kind === 'refused' ? found.code : `${found.pages.length} pages`;
}

test('a picture is one page, byte for byte', async () => {
  const bytes = await grey(200).jpeg().toBuffer();
  assert.deepEqual(await pagesOfFile(bytes), { kind: 'pages', pages: [{ bytes, mediaType: 'image/jpeg' }] });
});

test('a PDF gives its pages in their order, and twice the same ones', async () => {
  const bytes = await pdf(11);
  const found = await pagesOfFile(bytes);
  assert.ok(found.kind === 'pages');
  assert.equal(found.pages.length, 11);
  assert.deepEqual(await pagesOfFile(bytes), found);
  const { width } = await sharp(found.pages[0]?.bytes).metadata();
  assert.equal(width, Math.ceil((297.64 * 200) / 72));
});

test('a TIFF of several pages gives each of them', async () => {
  const found = await pagesOfFile(await tiffOf([250, 100, 10]));
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
  const found = await pagesOfFile(tiff);
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
  const found = await pagesOfFile(readFileSync(many));
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
