import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type FolderFile,
  type FolderVerdict,
  listRejected,
  type WatchOptions,
  watchFolder,
} from '../../device/peripherals/document-scanners/folder.ts';
import { limits } from '../../protocol/limits.ts';
import { hourMs, testClock } from '../fixtures/test-clock.ts';

/** A watched folder, what was offered from it, and a way to wait for something to become true. */
function watched(t: TestContext, options: Partial<WatchOptions> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'okno-folder-'));
  const offered: FolderFile[] = [];
  const troubles: unknown[] = [];
  const start = (verdict: (file: FolderFile) => Promise<FolderVerdict>) =>
    watchFolder({
      dir,
      pollMs: 10,
      onFile: async file => {
        offered.push(file);
        return await verdict(file);
      },
      onTrouble: error => troubles.push(error),
      ...options,
    });
  const open: { stop(): Promise<void> }[] = [];
  t.after(async () => {
    await Promise.all(open.map(each => each.stop()));
    rmSync(dir, { recursive: true });
  });
  return {
    dir,
    offered,
    troubles,
    path: (...names: string[]) => join(dir, ...names),
    files: (folder: string) => (existsSync(join(dir, folder)) ? readdirSync(join(dir, folder)).sort() : []),
    start: (verdict: (file: FolderFile) => Promise<FolderVerdict> = async () => ({ kind: 'taken' })) => {
      const watch = start(verdict);
      open.push(watch);
      return watch;
    },
  };
}

async function until(truth: () => boolean): Promise<void> {
  while (!truth()) await new Promise(resolve => setTimeout(resolve, 5));
}

async function looks(count: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, count * 10));
}

test('a file is moved to «taken» only after it was stored', async t => {
  const folder = watched(t);
  writeFileSync(folder.path('scan-001.jpg'), 'page');
  let store: (verdict: FolderVerdict) => void = () => undefined;
  folder.start(() => new Promise(resolve => (store = resolve)));
  await until(() => folder.offered.length >= 1);
  await looks(5);
  assert.equal(existsSync(folder.path('scan-001.jpg')), true);
  assert.deepEqual(folder.files('taken'), []);
  store({ kind: 'taken' });
  await until(() => folder.files('taken').length >= 1);
  assert.equal(existsSync(folder.path('scan-001.jpg')), false);
  assert.equal(Buffer.from(folder.offered[0]?.bytes ?? []).toString(), 'page');
  assert.equal(folder.offered.length, 1);
});

test('a file that still grows is waited for', async t => {
  const folder = watched(t, { pollMs: 60 });
  const path = folder.path('slow.jpg');
  writeFileSync(path, '');
  folder.start();
  for (let part = 0; part < 20; part++) {
    appendFileSync(path, 'x'.repeat(1000));
    await looks(1);
  }
  await until(() => folder.offered.length >= 1);
  assert.equal(folder.offered[0]?.sizeBytes, 20_000);
});

test('partial files, folders and links are left alone', async t => {
  const folder = watched(t);
  for (const name of ['.hidden.jpg', 'scan.jpg.part', 'scan.tmp', '~scan.jpg'])
    writeFileSync(folder.path(name), 'x');
  mkdirSync(folder.path('folder.jpg'));
  symlinkSync('/etc/hostname', folder.path('link.jpg'));
  writeFileSync(folder.path('last.jpg'), 'page');
  folder.start();
  await until(() => folder.files('taken').length >= 1);
  await looks(5);
  assert.deepEqual(
    folder.offered.map(file => file.name),
    ['last.jpg'],
  );
});

test('a refused file is set aside with its reason', async t => {
  const folder = watched(t);
  writeFileSync(folder.path('letter.docx'), 'no page');
  folder.start(async () => ({ kind: 'rejected', code: 'capture.not-an-image', details: {} }));
  await until(() => folder.files('rejected').length >= 2);
  assert.deepEqual(folder.files('rejected'), ['letter.docx', 'letter.docx.reason.json']);
  const [rejection] = await listRejected(folder.dir);
  assert.deepEqual(
    [rejection?.name, rejection?.code, rejection?.sizeBytes],
    ['letter.docx', 'capture.not-an-image', 7],
  );
});

test('a file above the limit is set aside without being read', async t => {
  const told: string[] = [];
  const folder = watched(t, { onRejected: rejection => told.push(rejection.code) });
  writeFileSync(folder.path('huge.tif'), '');
  truncateSync(folder.path('huge.tif'), limits.pageBytes + 1);
  folder.start();
  await until(() => told.length >= 1);
  assert.deepEqual([told, folder.offered.length], [['capture.too-large'], 0]);
});

test('an empty file gets time to be filled and is then set aside', async t => {
  const folder = watched(t);
  writeFileSync(folder.path('empty.jpg'), '');
  folder.start();
  await until(() => folder.files('rejected').length >= 2);
  assert.equal((await listRejected(folder.dir))[0]?.code, 'capture.empty');
});

test('the same name twice keeps both', async t => {
  const folder = watched(t);
  folder.start();
  for (const content of ['first', 'second', 'third']) {
    writeFileSync(folder.path('scan.jpg'), content);
    await until(() => !existsSync(folder.path('scan.jpg')));
  }
  assert.deepEqual(folder.files('taken'), ['scan (2).jpg', 'scan (3).jpg', 'scan.jpg']);
  assert.equal(readFileSync(folder.path('taken', 'scan (3).jpg'), 'utf8'), 'third');
});

test('LED-4.1 files that were taken do not outlive their week, nor rejected ones their month', async t => {
  const clock = testClock(new Date().toISOString());
  const folder = watched(t, { clock });
  folder.start(async ({ name }) =>
    name === 'bad.jpg' ? { kind: 'rejected', code: 'capture.damaged', details: {} } : { kind: 'taken' },
  );
  const bring = async (name: string) => {
    writeFileSync(folder.path(name), name);
    await until(() => !existsSync(folder.path(name)));
  };
  await bring('one.jpg');
  await bring('bad.jpg');
  clock.advance(6 * 24 * hourMs);
  await bring('two.jpg');
  assert.equal(folder.files('taken').length, 2);
  // F07: a clock that slips to 2099 and back makes no file old.
  const today = clock.now().toISOString();
  for (const wrong of ['2099-01-01T00:00:00.000Z', '1970-01-02T00:00:00.000Z']) {
    clock.set(wrong);
    clock.advance(25 * hourMs);
    await looks(10);
  }
  clock.set(today);
  assert.equal(folder.files('taken').length, 2);
  clock.advance(2 * 24 * hourMs);
  await until(() => folder.files('taken').length === 0);
  assert.equal((await listRejected(folder.dir)).length, 1);
  clock.advance(30 * 24 * hourMs);
  await until(() => folder.files('rejected').length === 0);
  assert.deepEqual(folder.troubles, []);
});

test('what could not be stored stays and is offered again', async t => {
  const folder = watched(t);
  writeFileSync(folder.path('scan.jpg'), 'page');
  folder.start(async () => {
    if (folder.offered.length < 3) throw new Error('the disk is full');
    return { kind: 'taken' };
  });
  await until(() => folder.files('taken').length >= 1);
  assert.equal(folder.offered.length, 3);
  assert.equal(folder.troubles.length, 2);
});

test('files left from before a restart are picked up, in the order of scanning', async t => {
  const folder = watched(t);
  const first = folder.start();
  await first.stop();
  for (const name of ['b.jpg', 'a.jpg']) {
    writeFileSync(folder.path(name), name);
    await looks(2);
  }
  folder.start();
  await until(() => folder.files('taken').length >= 2);
  assert.deepEqual(
    folder.offered.map(file => file.name),
    ['b.jpg', 'a.jpg'],
  );
});

test('a folder that is away is said once and picked up when it is back', async t => {
  const folder = watched(t);
  rmSync(folder.dir, { recursive: true });
  folder.start();
  await until(() => folder.troubles.length >= 1);
  await looks(10);
  assert.equal(folder.troubles.length, 1);
  mkdirSync(folder.dir);
  writeFileSync(folder.path('scan.jpg'), 'page');
  await until(() => folder.files('taken').length >= 1);
});

test('a name in the letters of Windows, with signs that nobody sees, or of the greatest length is no obstacle', async t => {
  const folder = watched(t);
  const long = `${'я'.repeat(125)}.jpg`;
  const names = [
    Buffer.from('\xf1\xea\xe0\xed.jpg', 'latin1'),
    Buffer.from('a\u202e\ngpj.b.jpg'),
    Buffer.from(long),
  ];
  const bring = async () => {
    for (const [at, name] of names.entries()) {
      writeFileSync(Buffer.concat([Buffer.from(`${folder.dir}/`), name]), `page ${at}`);
      await until(() => readdirSync(folder.dir).every(each => !each.endsWith('.jpg')));
    }
  };
  let verdict: FolderVerdict = { kind: 'taken' };
  folder.start(async () => verdict);
  await bring();
  const shown = ['скан.jpg', 'a__gpj.b.jpg', `${'я'.repeat(98)}.jpg`];
  assert.deepEqual(
    folder.offered.map(({ name }) => name),
    shown,
  );
  assert.deepEqual(folder.files('taken'), shown.toSorted());
  verdict = { kind: 'rejected', code: 'capture.too-many-pages', details: { pages: 300, most: 200 } };
  for (let round = 0; round < 2; round++) await bring();
  const rejections = await listRejected(folder.dir);
  assert.deepEqual(rejections.map(({ name }) => name).toSorted(), [...shown, ...shown].toSorted());
  assert.deepEqual(rejections[0]?.details, { pages: 300, most: 200 });
  assert.deepEqual(folder.troubles, []);
});

test('what was stored and cannot be moved is not offered again until it changes', async t => {
  const outside = mkdtempSync(join(tmpdir(), 'okno-kept-'));
  t.after(() => rmSync(outside, { recursive: true }));
  const keepDir = join(outside, 'kept');
  const folder = watched(t, { keepDir });
  // In the place of the folder for it.
  writeFileSync(keepDir, '');
  writeFileSync(folder.path('scan.jpg'), 'page');
  folder.start(async () => ({ kind: 'taken' }));
  await until(() => folder.troubles.length >= 3);
  assert.equal(folder.offered.length, 1);
  writeFileSync(folder.path('scan.jpg'), 'another page');
  await until(() => folder.offered.length === 2);
  rmSync(keepDir);
  await until(() => !existsSync(folder.path('scan.jpg')));
  assert.equal(readFileSync(join(keepDir, 'taken', 'scan.jpg'), 'utf8'), 'another page');
  assert.equal(folder.offered.length, 2);
});
