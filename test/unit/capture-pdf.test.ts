import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { checkPdfA } from '../../device/capture/pdfa/check.ts';
import { writePdf } from '../../device/capture/pdfa/pdf.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-pdf-'));
const file = join(folder, 'document.pdf');
const word = (text: string, line: number, x: number, y: number) => ({
  text,
  confidence: 90,
  line,
  box: { x, y, width: 0.2, height: 0.02 },
});

async function make(): Promise<Uint8Array> {
  const jpeg = await sharp({ create: { width: 1654, height: 2339, channels: 3, background: '#f6f2e6' } })
    .jpeg()
    .toBuffer();
  const words = [
    word('Заявление', 0, 0.1, 0.1),
    word('№12-ёЁ₽', 0, 0.4, 0.1),
    word('Latin', 1, 0.1, 0.3),
    word('漢', 1, 0.5, 0.3),
  ];
  const page = { jpeg, width: 1654, height: 2339, dpi: 200, words };
  return await writePdf([page, page], {
    title: 'Дело <1> & «2»',
    createdAt: new Date('2026-03-01T10:00:00Z'),
  });
}

before(async () => writeFileSync(file, await make()));
after(() => rmSync(folder, { recursive: true }));

test('the same pages and time give the same bytes', async () => {
  assert.deepEqual(await make(), await make());
});

test('ISO 19005-2: the file breaks no rule that the checker knows', async () => {
  assert.deepEqual(checkPdfA(await make()), []);
});

test('ISO 19005-2: a file that breaks a rule is told so', async () => {
  const sound = Buffer.from(await make()).toString('latin1');
  const broken: [clause: string, from: RegExp, to: string][] = [
    ['6.1.2', /^%PDF-1\.7/, '%PDF-2.0'],
    ['6.1.3', /\/ID \[/, '/XX ['],
    ['6.1.4', /\n\d{9}(\d) 00000 n/, '\n000000000$1 00000 n'],
    ['6.2.3', /\/GTS_PDFA1/, '/GTS_PDFX1'],
    ['6.2.4.3', /\/ColorSpace \/DeviceRGB/, '/ColorSpace /DeviceGra'],
    ['6.2.11.4', /\/FontFile2/, '/FontFileX'],
    ['6.2.11.7', /\/ToUnicode/, '/ToUnicodX'],
    ['6.5', /\/DisplayDocTitle true/, '/JavaScript (alert)  '],
    ['6.6.4', /<pdfaid:part>2/, '<pdfaid:part>9'],
    ['6.1.13', /\/MediaBox \[0 0 595/, '/MediaBox [0 0 000'],
  ];
  for (const [clause, from, to] of broken) {
    const changed = sound.replace(from, to);
    assert.notEqual(changed, sound, clause);
    const problems = checkPdfA(Buffer.from(changed, 'latin1'));
    assert.ok(
      problems.some(problem => problem.startsWith(`${clause} `)),
      `${clause}: ${problems}`,
    );
  }
});

test('the file is sound and says that it is PDF/A-2b', () => {
  execFileSync('qpdf', ['--check', file]);
  const metadata = execFileSync('pdfinfo', ['-meta', file], { encoding: 'utf8' });
  assert.match(metadata, /<pdfaid:part>2<\/pdfaid:part>\s*<pdfaid:conformance>B</);
  assert.match(metadata, /Дело 1 «2»/);
});

test('its font is embedded and maps back to letters', () => {
  const [, , font = ''] = execFileSync('pdffonts', [file], { encoding: 'utf8' }).split('\n');
  assert.match(font, /OknoGlyphless .* yes yes yes/);
});

test('words are found where they stand, in any script the engine reads', () => {
  const found = execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8' });
  const [width, height] = [595.44, 842.04];
  for (const [text, x, y] of [
    ['Заявление', 0.1, 0.1],
    ['№12-ёЁ₽', 0.4, 0.1],
    ['Latin', 0.1, 0.3],
  ] as const) {
    const match = new RegExp(`xMin="([\\d.]+)" yMin="([\\d.]+)" xMax="([\\d.]+)"[^>]*>${text}<`).exec(found);
    const [left, top, right] = (match?.slice(1) ?? []).map(Number);
    assert.ok(Math.abs((left ?? 0) - x * width) < 0.5, `left of ${text}`);
    assert.ok(Math.abs((right ?? 0) - (x + 0.2) * width) < 0.5, `right of ${text}`);
    assert.ok(Math.abs((top ?? 0) - y * height) < 8, `top of ${text}`);
  }
});

test('the text cannot be seen', async () => {
  const picture = join(folder, 'page');
  execFileSync('pdftoppm', ['-r', '50', '-png', '-singlefile', file, picture]);
  const { channels } = await sharp(`${picture}.png`).stats();
  assert.ok(channels.every(channel => channel.max - channel.min < 12));
});
