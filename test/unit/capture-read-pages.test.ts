import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openReadPages, type ReadPage } from '../../device/capture/read-pages.ts';

const folders: string[] = [];
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'okno-read-pages-'));
  folders.push(dir);
  return dir;
};
after(() => {
  for (const dir of folders) rmSync(dir, { recursive: true });
});

const digest = (letter: string) => letter.repeat(64);
const read = (text: string, sizeBytes = 1000): ReadPage => ({
  page: { text, width: 10, height: 20, words: [] },
  blank: false,
  picture: { jpeg: new Uint8Array(sizeBytes).fill(7), width: 10, height: 20, dpi: 200, words: [] },
});
const plenty = 1_000_000;

test('a page is found again by its bytes and its turn, also after a restart', async () => {
  const dir = folder();
  const pages = await openReadPages(dir, plenty);
  await pages.keep(digest('a'), 0, read('first'));
  assert.equal(pages.has(digest('a'), 0), true);
  assert.equal(pages.has(digest('a'), 90), false);
  const again = await openReadPages(dir, plenty);
  assert.deepEqual(await again.find(digest('a'), 0), read('first'));
  assert.equal(await again.find(digest('b'), 0), undefined);
});

test('F01 a file that a power cut tore is no page, and goes', async () => {
  const dir = folder();
  const pages = await openReadPages(dir, plenty);
  const torn = (bytes: Buffer) => [
    bytes.subarray(0, bytes.length - 5),
    Buffer.concat([bytes.subarray(0, 600), Buffer.alloc(bytes.length - 600)]),
    Buffer.alloc(0),
  ];
  await pages.keep(digest('a'), 0, read('first'));
  const [name = ''] = readdirSync(dir);
  for (const bytes of torn(readFileSync(join(dir, name)))) {
    await pages.keep(digest('a'), 0, read('first'));
    writeFileSync(join(dir, name), bytes);
    assert.equal(await pages.find(digest('a'), 0), undefined);
    assert.equal(pages.has(digest('a'), 0), false);
  }
  writeFileSync(join(dir, `${name}.3.part`), 'half');
  await openReadPages(dir, plenty);
  assert.deepEqual(readdirSync(dir), []);
});

test('above its size the oldest go, and a page that is kept again is the newest', async () => {
  const dir = folder();
  const pages = await openReadPages(dir, 4000);
  for (const letter of ['a', 'b', 'a', 'c', 'd']) await pages.keep(digest(letter), 0, read(letter));
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].filter(letter => pages.has(digest(letter), 0)),
    ['a', 'c', 'd'],
  );
  assert.equal(readdirSync(dir).length, 3);
});

test('F06 a page that cannot be written is told, and leaves nothing behind', async () => {
  const dir = folder();
  const pages = await openReadPages(dir, plenty);
  rmSync(dir, { recursive: true });
  await assert.rejects(pages.keep(digest('a'), 0, read('first')), { code: 'ENOENT' });
  assert.equal(pages.has(digest('a'), 0), false);
  folders.splice(folders.indexOf(dir), 1);
});
