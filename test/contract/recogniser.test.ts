import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { openReadPages } from '../../device/capture/read-pages.ts';
import { createRecogniser } from '../../device/capture/recogniser.ts';
import { AppError } from '../../protocol/app-error.ts';
import { characterErrorRate } from '../fixtures/character-errors.ts';
import { codedPage, placeOf } from '../fixtures/coded-page.ts';
import { application } from '../fixtures/layouts.ts';
import { blankPage, fixturePage } from '../fixtures/pages.ts';
import { people } from '../fixtures/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-recogniser-'));
const started: number[] = [];
const log = {
  info: (details: object) => {
    if ('pid' in details && typeof details.pid === 'number') started.push(details.pid);
  },
  warn: () => undefined,
};
const pageTimeoutMs = 240_000;
const engines = ['tesseract-js', 'tesseract'] as const;
const recogniser = createRecogniser({ engine: 'tesseract-js', pageTimeoutMs, log });
const native = createRecogniser({ engine: 'tesseract', pageTimeoutMs, log });
const byName = { 'tesseract-js': recogniser, tesseract: native };
const description = { kind: 'application', title: 'Дело 1', createdAt: new Date('2026-03-16T09:00:00Z') };
const isCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

after(async () => {
  await Promise.all([recogniser.stop(), native.stop()]);
  rmSync(folder, { recursive: true });
});

for (const engine of engines)
  test(`${engine}: the fixtures are read: few wrong letters, name and СНИЛС right in all`, async t => {
    // The slower engine reads one person's papers.
    const owners = engine === 'tesseract' ? people : people.slice(0, 1);
    const sheets = owners.flatMap((person, index) =>
      ['application', 'snils-card', ...(index === 0 ? ['certificate', 'contract'] : [])].map(kind => ({
        person,
        kind,
        name: `${kind}-${index + 1}`,
      })),
    );
    await Promise.all(
      sheets.map(async ({ person, kind, name }) => {
        const { bytes, text } = await fixturePage(name);
        const found = await byName[engine].recognise([bytes], description);
        const errors = characterErrorRate(text, found.pages[0]?.text ?? '');
        t.diagnostic(
          `${name}: CER ${(errors * 100).toFixed(2)} %, confidence ${found.confidence.toFixed(0)}`,
        );
        assert.ok(errors < 0.03, `${name}: ${errors}`);
        const field = (wanted: string) => found.fields.find(each => each.name === wanted);
        assert.deepEqual([field('snils')?.value, field('snils')?.check], [person.snils, 'passed']);
        assert.equal(field('birth-date')?.value, person.born);
        if (kind !== 'contract') assert.equal(field('full-name')?.value, person.name);
        if (kind === 'application')
          assert.deepEqual([field('inn')?.value, field('inn')?.check], [person.inn, 'passed']);
        assert.ok(found.confidence > 80 && found.characters > 100);
      }),
    );
  });

test('a page that was read is not read again: in another document, in another order, after a restart', async () => {
  const dir = join(folder, 'read-pages');
  const [one, two] = await Promise.all(['snils-card-1', 'snils-card-2'].map(fixturePage));
  const pages = [one?.bytes ?? Buffer.of(), two?.bytes ?? Buffer.of()];
  const open = async () => {
    let read = 0;
    const readPages = await openReadPages(dir, 10_000_000);
    const engine = createRecogniser({
      ...{ engine: 'tesseract-js', pageTimeoutMs, log, readPages },
      onRead: () => {
        read++;
      },
    });
    return { engine, read: () => read };
  };
  const first = await open();
  // As they come from a scanner: the first is begun alone, and found under way.
  void first.engine.readAhead(pages[0] ?? Buffer.of());
  const pile = await first.engine.recognise(pages, description);
  assert.equal(first.read(), 2);
  assert.equal(
    first.engine.isRead(
      createHash('sha256')
        .update(pages[0] ?? '')
        .digest('hex'),
      0,
    ),
    true,
  );
  await first.engine.stop();

  const second = await open();
  const sorted = await second.engine.recognise(pages.toReversed(), description);
  assert.deepEqual(sorted.pages, pile.pages.toReversed());
  assert.deepEqual((await second.engine.recognise(pages, description)).pdf, pile.pdf);
  assert.equal(second.read(), 0);
  // Turned by the clerk it is another page.
  await second.engine.recognise(pages, { ...description, turns: [0, 180] });
  assert.equal(second.read(), 1);
  await second.engine.stop();
});

test('pages keep their order, a blank one is told and kept, and the words are in the PDF', async () => {
  const pages = [await fixturePage('snils-card-1'), await fixturePage('snils-card-2')];
  const [first, second] = pages.map(page => page.bytes);
  assert.ok(first && second);
  const found = await recogniser.recognise([first, await blankPage(), second], description);
  assert.deepEqual(found.blankPages, [1]);
  assert.equal(found.pages[1]?.text, '');
  assert.match(found.pages[0]?.text ?? '', /ПРИМЕРОВ/);
  assert.match(found.pages[2]?.text ?? '', /МАКЕТОВА/);

  const file = join(folder, 'document.pdf');
  writeFileSync(file, found.pdf);
  execFileSync('qpdf', ['--check', file]);
  const text = (page: number) =>
    execFileSync('pdftotext', ['-f', `${page}`, '-l', `${page}`, file, '-'], { encoding: 'utf8' });
  assert.match(text(1), /112-233-445 95/);
  assert.equal(text(2).trim(), '');
  assert.match(text(3), /МАКЕТОВА/);
});

for (const engine of engines)
  test(`${engine}: the same page gives the same document, byte for byte, also from another process`, async () => {
    const { bytes } = await fixturePage('snils-card-3');
    const fresh = createRecogniser({ engine, workers: 1, pageTimeoutMs, log });
    try {
      const [one, other] = await Promise.all(
        [byName[engine], fresh].map(each => each.recognise([bytes], description)),
      );
      assert.deepEqual(one, other);
    } finally {
      await fresh.stop();
    }
  });

for (const engine of engines)
  test(`${engine}: a page that lies on its side or on its head is turned and read`, async () => {
    const { bytes } = await fixturePage('application-1');
    const read = async (turn: number) => {
      const turned = await sharp(bytes)
        .rotate(turn)
        .withMetadata({ density: 300 })
        .jpeg({ quality: 80 })
        .toBuffer();
      const found = await byName[engine].recognise([turned], description);
      assert.equal(found.fields.find(field => field.name === 'snils')?.value, people[0]?.snils, `${turn}`);
      const [page] = found.pages;
      assert.ok((page?.height ?? 0) > (page?.width ?? 0));
      const [title] = page?.words.filter(word => word.text === 'ЗАЯВЛЕНИЕ') ?? [];
      assert.ok(title && title.box.y > 0.25 && title.box.y < 0.4, 'places are those of the turned page');
    };
    await Promise.all([90, 180, 270].map(read));
  });

test('barcodes are read, and those of a page on its head lie where they are on the upright page', async () => {
  assert.ok(people[0]);
  const code = { format: 'QRCode', text: 'CASE-1', x: 1700, y: 2500, moduleMm: 0.6 } as const;
  const page = await codedPage(application(people[0]), [code], { seed: 4, turn: 180 });
  const found = await native.recognise([page], description);
  const [barcode] = found.pages[0]?.barcodes ?? [];
  assert.equal(barcode?.text, 'CASE-1');
  const wanted = placeOf(code);
  assert.ok(Math.hypot(barcode.box.x - wanted.x, barcode.box.y - wanted.y) < 0.05, JSON.stringify(barcode));
});

test('a page that the clerk turned stays as the clerk wants it, and print on its head is not turned back', async () => {
  const { bytes } = await fixturePage('snils-card-1');
  const found = await native.recognise([bytes, bytes], { ...description, turns: [180, 0] });
  assert.doesNotMatch(found.pages[0]?.text ?? '', /ПРИМЕРОВ/);
  assert.match(found.pages[1]?.text ?? '', /ПРИМЕРОВ/);
  const lain = await sharp(bytes).rotate(270).withMetadata({ density: 300 }).jpeg().toBuffer();
  const turned = await native.recognise([lain], { ...description, turns: [90] });
  assert.match(turned.pages[0]?.text ?? '', /ПРИМЕРОВ/);
});

test('a document of many pages has a few of them in memory, and those that were read stay on the disk', async t => {
  const dir = join(folder, 'few-in-memory');
  const readPages = await openReadPages(dir, 1e9);
  let reads = 0;
  const atFirst: number[] = [];
  const onRead = () => void atFirst.push(reads);
  const patient = createRecogniser({ engine: 'tesseract', pageTimeoutMs, readPages, onRead });
  t.after(() => patient.stop());
  const sheet = await sharp({ create: { width: 400, height: 500, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const pages = Array.from({ length: 12 }, (_, index) => ({
    sha256: createHash('sha256').update(`${index}`).digest('hex'),
    read: async () => {
      reads++;
      return sheet;
    },
  }));
  const first = await patient.recognise(pages, description);
  assert.equal(first.blankPages.length, 12);
  assert.ok((atFirst[0] ?? 12) <= 4, `${atFirst[0]} pages were in memory`);
  assert.equal(reads, 12);
  assert.deepEqual(await patient.recognise(pages, description), first);
  assert.equal(reads, 12);
});

test('a damaged page among good ones is named, and the others are read', async () => {
  const { bytes } = await fixturePage('snils-card-1');
  const found = await recogniser.recognise([bytes, bytes.subarray(0, 5000), bytes], description);
  assert.deepEqual(
    found.pages.map(page => page.trouble),
    [undefined, 'capture.damaged', undefined],
  );
  assert.match(found.pages[2]?.text ?? '', /ПРИМЕРОВ/);
  const file = join(folder, 'with-gap.pdf');
  writeFileSync(file, found.pdf);
  const text = execFileSync('pdftotext', ['-f', '3', '-l', '3', file, '-'], { encoding: 'utf8' });
  assert.match(text, /ПРИМЕРОВ/, 'the pages keep their numbers');
  await assert.rejects(
    recogniser.recognise([bytes.subarray(0, 5000)], description),
    isCode('capture.damaged'),
  );
});

for (const engine of engines)
  test(`${engine}: works at a lower priority than the queue`, async () => {
    const own = createRecogniser({ engine, pageTimeoutMs, log });
    try {
      await own.warmUp();
      const pid = started.at(-1);
      assert.ok(pid);
      const nices = execFileSync('ps', ['-L', '-o', 'ni=', '-p', `${pid}`], { encoding: 'utf8' });
      assert.match(nices, /^(\s*10\n)+$/);
    } finally {
      await own.stop();
    }
  });

test('killed in the middle of a page it costs that page a repetition, not the document', async () => {
  const pages = await Promise.all(['snils-card-2', 'snils-card-1'].map(fixturePage));
  const before = started.length;
  const fresh = createRecogniser({ engine: 'tesseract-js', pageTimeoutMs, log });
  try {
    await fresh.warmUp();
    const reading = fresh.recognise(
      pages.map(page => page.bytes),
      description,
    );
    await new Promise(resolve => setTimeout(resolve, 150));
    process.kill(started.at(-1) ?? 0, 'SIGKILL');
    const found = await reading;
    assert.deepEqual(
      found.pages.map(page => page.trouble),
      [undefined, undefined],
    );
    assert.match(found.pages[1]?.text ?? '', /ПРИМЕРОВ/);
    assert.equal(started.length, before + 2);
  } finally {
    await fresh.stop();
  }
});

test('a process that hangs is ended, and its page is read by the next one', async () => {
  const before = started.length;
  const watchful = createRecogniser({ engine: 'tesseract-js', pageTimeoutMs, silenceMs: 20_000, log });
  try {
    await watchful.warmUp();
    process.kill(started.at(-1) ?? 0, 'SIGSTOP');
    const found = await watchful.recognise([(await fixturePage('snils-card-1')).bytes], description);
    assert.match(found.pages[0]?.text ?? '', /ПРИМЕРОВ/);
    assert.equal(started.length, before + 2);
  } finally {
    await watchful.stop();
  }
});

for (const engine of engines)
  test(`${engine}: a page that takes too long is given up; when no page could be read the call says why`, async () => {
    const impatient = createRecogniser({ engine, pageTimeoutMs: 1, log });
    const { bytes } = await fixturePage('snils-card-1');
    try {
      await assert.rejects(impatient.recognise([bytes], description), isCode('capture.timeout'));
      const found = await impatient.recognise([bytes, await blankPage()], description);
      assert.deepEqual(
        found.pages.map(page => page.trouble),
        ['capture.timeout', undefined],
      );
      const file = join(folder, 'unread.pdf');
      writeFileSync(file, found.pdf);
      const pictures = execFileSync('pdfimages', ['-list', file], { encoding: 'utf8' });
      assert.equal(pictures.trim().split('\n').length, 4, 'its picture is in the document all the same');
    } finally {
      await impatient.stop();
    }
  });

test('without language data every call says so, and no process is left', async () => {
  const empty = createRecogniser({ languageDataDir: folder, pageTimeoutMs, log });
  const before = started.length;
  await assert.rejects(empty.warmUp(), isCode('capture.no-language-data'));
  await assert.rejects(empty.recognise([await blankPage()], description), isCode('capture.no-language-data'));
  assert.equal(started.length, before);
});

for (const engine of engines)
  test(`${engine}: broken language data is an error, not a wait without end`, async () => {
    const broken = join(folder, `broken-${engine}`);
    execFileSync('mkdir', ['-p', broken]);
    for (const language of ['rus', 'eng']) writeFileSync(join(broken, `${language}.traineddata`), 'no model');
    const recogniserOfBroken = createRecogniser({ engine, languageDataDir: broken, pageTimeoutMs, log });
    await assert.rejects(recogniserOfBroken.warmUp(), isCode('capture.engine-failed'));
    await recogniserOfBroken.stop();
  });

test('stopping in the middle of a page rejects it and leaves no process', async () => {
  const short = createRecogniser({ engine: 'tesseract-js', pageTimeoutMs, log });
  await short.warmUp();
  const pid = started.at(-1);
  assert.ok(pid);
  const doomed = assert.rejects(
    short.recognise([(await fixturePage('contract-1')).bytes], description),
    isCode('capture.engine-failed'),
  );
  await new Promise(resolve => setTimeout(resolve, 50));
  await short.stop();
  await doomed;
  assert.throws(() => process.kill(pid, 0));
});

test('a page is read where there is no network at all', t => {
  const source = `
    import { readFileSync } from 'node:fs';
    import { createRecogniser } from ${JSON.stringify(new URL('../../device/capture/recogniser.ts', import.meta.url).href)};
    const recogniser = createRecogniser({ pageTimeoutMs: ${pageTimeoutMs} });
    const page = readFileSync(new URL(${JSON.stringify(new URL('../fixtures/pages/snils-card-1.jpg', import.meta.url).href)}));
    const found = await recogniser.recognise([page], { kind: 'snils', title: 't', createdAt: new Date(0) });
    console.log(found.pages[0].text);
    await recogniser.stop();`;
  if (spawnSync('unshare', ['-rn', 'true']).status !== 0) {
    return t.skip('this machine does not let a program have a network of its own');
  }
  const node = [process.execPath, '--input-type=module', '-e', source];
  const { stdout } = spawnSync('unshare', ['-rn', ...node], { encoding: 'utf8', cwd: folder });
  assert.match(stdout, /ПРИМЕРОВ/);
});
