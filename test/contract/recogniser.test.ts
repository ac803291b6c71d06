import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createRecogniser } from '../../device/capture/recogniser.ts';
import { AppError } from '../../protocol/app-error.ts';
import { characterErrorRate } from '../fixtures/character-errors.ts';
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
const recogniser = createRecogniser({ pageTimeoutMs, log });
const description = { kind: 'application', title: 'Дело 1', createdAt: new Date('2026-03-16T09:00:00Z') };
const isCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

after(async () => {
  await recogniser.stop();
  rmSync(folder, { recursive: true });
});

test('the fixtures are read: few wrong letters, name and СНИЛС right in all', async t => {
  for (const [index, person] of people.entries()) {
    for (const kind of ['application', 'snils-card', ...(index === 0 ? ['certificate', 'contract'] : [])]) {
      const { bytes, text } = await fixturePage(`${kind}-${index + 1}`);
      const found = await recogniser.recognise([bytes], description);
      const errors = characterErrorRate(text, found.pages[0]?.text ?? '');
      t.diagnostic(
        `${kind}-${index + 1}: CER ${(errors * 100).toFixed(2)} %, confidence ${found.confidence.toFixed(0)}`,
      );
      assert.ok(errors < 0.05, `${kind}-${index + 1}: ${errors}`);
      const field = (name: string) => found.fields.find(each => each.name === name);
      assert.deepEqual([field('snils')?.value, field('snils')?.check], [person.snils, 'passed']);
      assert.equal(field('birth-date')?.value, person.born);
      if (kind !== 'contract') assert.equal(field('full-name')?.value, person.name);
      if (kind === 'application')
        assert.deepEqual([field('inn')?.value, field('inn')?.check], [person.inn, 'passed']);
      assert.ok(found.confidence > 80 && found.characters > 100);
    }
  }
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

test('the same page gives the same document, byte for byte', async () => {
  const { bytes } = await fixturePage('snils-card-3');
  const [one, other] = await Promise.all([1, 2].map(() => recogniser.recognise([bytes], description)));
  assert.deepEqual(one, other);
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

test('the engine works at a lower priority than the queue', () => {
  const pid = started.at(-1);
  assert.ok(pid);
  assert.match(execFileSync('ps', ['-o', 'ni=', '-p', `${pid}`], { encoding: 'utf8' }), /10/);
});

test('killed in the middle of a page it costs that page a repetition, not the document', async () => {
  const pages = await Promise.all(['contract-1', 'snils-card-1'].map(fixturePage));
  const before = started.length;
  const fresh = createRecogniser({ pageTimeoutMs, log });
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
  const watchful = createRecogniser({ pageTimeoutMs, silenceMs: 20_000, log });
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

test('a page that takes too long is given up; when no page could be read the call says why', async () => {
  const impatient = createRecogniser({ pageTimeoutMs: 1, log });
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

test('broken language data is an error, not a wait without end', async () => {
  const broken = join(folder, 'broken');
  execFileSync('mkdir', ['-p', broken]);
  for (const language of ['rus', 'eng']) writeFileSync(join(broken, `${language}.traineddata`), 'no model');
  const recogniserOfBroken = createRecogniser({ languageDataDir: broken, pageTimeoutMs, log });
  await assert.rejects(recogniserOfBroken.warmUp(), isCode('capture.engine-failed'));
  await recogniserOfBroken.stop();
});

test('stopping in the middle of a page rejects it and leaves no process', async () => {
  const short = createRecogniser({ pageTimeoutMs, log });
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
