import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { startEngine } from '../../device/capture/engines/engine.ts';
import { hasPageReader, startPageReader } from '../../device/capture/engines/page-reader.ts';
import { nativeParameters, type Reader } from '../../device/capture/engines/reader.ts';
import { startTesseractProgram } from '../../device/capture/engines/tesseract-native.ts';
import { getLanguageDataDir } from '../../device/capture/language-data.ts';
import type { Grey } from '../../device/capture/steps/grey.ts';
import { childPids } from '../fixtures/child-pids.ts';
import { fixturePage } from '../fixtures/pages.ts';

assert.ok(hasPageReader(), 'set-up compiles it');

const dataDir = getLanguageDataDir(undefined);
const dpi = 200;

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

test('one process reads page after page as the program of Debian reads each alone, in any order', async t => {
  const reader = await startPageReader(dataDir, nativeParameters);
  t.after(() => reader.stop());
  const debian = await startTesseractProgram(dataDir);
  const pages = await Promise.all(['snils-card-2', 'certificate-1'].map(greyPage));
  const alone: string[][] = [];
  for (const page of pages) alone.push(rows(await debian.read(page, dpi)));
  for (const at of [0, 1, 0]) {
    const page = pages[at];
    assert.ok(page);
    assert.deepEqual(rows(await reader.read(page, dpi)), alone[at]);
  }
  assert.equal((await childPids('page-reader')).length, 1);
});

test('a process that is killed between two pages, or over one, costs time and no page', async t => {
  const readers: Reader[] = [];
  t.after(() => Promise.all(readers.map(reader => reader.stop())));
  const start = async () => {
    const reader = await startPageReader(dataDir, nativeParameters);
    readers.push(reader);
    return reader;
  };
  const engine = await startEngine(start, { workers: 1, timeoutMs: 100_000 });
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
