import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import sharp from 'sharp';
import { startEngine } from '../../device/capture/engines/engine.ts';
import {
  compiledPageReader,
  type Kernel,
  startPageReader,
} from '../../device/capture/engines/page-reader.ts';
import {
  type Languages,
  languages,
  latin,
  nativeParameters,
  type Reader,
} from '../../device/capture/engines/reader.ts';
import { startTesseractProgram } from '../../device/capture/engines/tesseract-native.ts';
import { getLanguageDataDir } from '../../device/capture/language-data.ts';
import { createRecogniser } from '../../device/capture/recogniser.ts';
import type { Grey } from '../../device/capture/steps/grey.ts';
import { childPids } from '../fixtures/child-pids.ts';
import { fixturePage } from '../fixtures/pages.ts';
import { until } from '../fixtures/until.ts';

assert.ok(existsSync(compiledPageReader), 'set-up compiles it');

const dataDir = getLanguageDataDir(undefined);
const dpi = 200;
const processor = readFileSync('/proc/cpuinfo', 'latin1');

async function greyPage(name: string): Promise<Grey> {
  const { bytes } = await fixturePage(name);
  const { data, info } = await sharp(bytes)
    .greyscale()
    .resize({ width: 1654 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Without the head of the table. */
const rows = (table: string) => table.split('\n').filter(row => /^\d/.test(row));

const kernels: Kernel[] = ['library', 'any', 'avx2', 'avx512'];

test('one process reads page after page as the program of Debian reads each alone, in any order, whoever computes the network', async t => {
  const debian = await startTesseractProgram(dataDir);
  const pages = await Promise.all(['snils-card-2', 'certificate-1'].map(greyPage));
  const alone: string[][] = [];
  for (const page of pages) alone.push(rows(await debian.read(page, dpi)));
  for (const kernel of kernels) {
    const reader = await startPageReader(dataDir, nativeParameters, { kernel });
    t.after(() => reader.stop());
    const byLibrary: number[] = [];
    for (const at of kernel === 'any' ? [0, 1, 0] : [1]) {
      const page = pages[at];
      assert.ok(page);
      assert.deepEqual(rows(await reader.read(page, dpi)), alone[at]);
      byLibrary.push(reader.linesByLibrary);
    }
    // Two lines of each model are compared; all others are computed by us. A processor without AVX leaves them all.
    if (kernel === 'library') assert.ok((byLibrary[0] ?? 0) > 4);
    else if (processor.includes(kernel === 'avx512' ? 'avx512_vnni' : 'avx2'))
      assert.ok((byLibrary.at(-1) ?? 99) <= 4);
  }
  assert.equal((await childPids('page-reader')).length, kernels.length);
});

test('a process that is killed between two pages, or over one, costs time and no page', async t => {
  const readers: Reader[] = [];
  t.after(() => Promise.all(readers.map(reader => reader.stop())));
  const start = async () => {
    const reader = await startPageReader(dataDir, nativeParameters);
    readers.push(reader);
    return reader;
  };
  const engine = await startEngine(start, { startLatin: start, workers: 1, timeoutMs: 100_000 });
  const page = await greyPage('snils-card-1');
  const kill = async () => {
    const pids = await childPids('page-reader');
    assert.equal(pids.length, 1);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
  };
  const read = await engine.read(page, dpi);
  assert.equal(read.kind, 'read');
  await kill();
  assert.deepEqual(await engine.read(page, dpi), read);
  const reading = engine.read(page, dpi);
  await kill();
  assert.deepEqual(await reading, read);
});

test('a reader without its language data does not start', async () => {
  await assert.rejects(startPageReader('/nonexistent', nativeParameters));
});

test('where our program does not start, Debian’s reads; that is logged with a code and known to the box', async t => {
  for (const pageReader of ['/nonexistent', '/bin/false']) {
    const logged: object[] = [];
    const log = { info: () => undefined, warn: (details: object) => logged.push(details) };
    const recogniser = createRecogniser({ engine: 'tesseract', pageReader, pageTimeoutMs: 100_000, log });
    t.after(() => recogniser.stop());
    await recogniser.warmUp();
    assert.equal(recogniser.readsSlowly(), true);
    assert.deepEqual(
      logged.map(details => 'code' in details && details.code),
      ['capture.page-reader-missing'],
    );
  }
  const whole = createRecogniser({ engine: 'tesseract', pageTimeoutMs: 100_000 });
  t.after(() => whole.stop());
  await whole.warmUp();
  assert.equal(whole.readsSlowly(), false);
});

test('Latin letters alone are read by a process of its own, which is then gone', async t => {
  const start = async (read: Languages) => {
    const reader = await startPageReader(dataDir, nativeParameters, { read });
    t.after(() => reader.stop());
    return reader;
  };
  const engine = await startEngine(() => start(languages), {
    startLatin: () => start(latin),
    workers: 1,
    timeoutMs: 100_000,
  });
  const line =
    'P&lt;RUSKUZNETCOVA&lt;&lt;OLGA&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="80"><rect width="900" height="80" fill="#fff"/><text x="20" y="48" font-family="DejaVu Sans Mono" font-weight="bold" font-size="28">${line}</text></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const before = await childPids('page-reader');
  const reading = await engine.readLatin({ data, width: info.width, height: info.height }, dpi);
  assert.match(reading.kind === 'read' ? (reading.words[0]?.text ?? '') : '', /^P<RUSKUZNETCOVA<<OLGA</);
  await until(async () => (await childPids('page-reader')).length === before.length);
});
