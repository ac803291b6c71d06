import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createRecogniser } from '../../device/capture/recogniser.ts';
import {
  listSaneDevices,
  type SaneOptions,
  saneScanner,
} from '../../device/peripherals/document-scanners/sane.ts';
import { AppError } from '../../protocol/app-error.ts';

const configDir = mkdtempSync(join(tmpdir(), 'okno-sane-'));
writeFileSync(join(configDir, 'dll.conf'), 'test\n');
writeFileSync(join(configDir, 'test.conf'), '');
after(() => rmSync(configDir, { recursive: true }));

const feeder = 'Automatic Document Feeder';
const small = ['-x', '30', '-y', '30'];

function scanner(options: Partial<SaneOptions> = {}) {
  const timeouts = { firstPageMs: 60_000, pageMs: 60_000, endMs: 10_000 };
  return saneScanner({
    device: 'test:0',
    configDir,
    workDir: configDir,
    source: feeder,
    extraArgs: small,
    timeouts,
    ...options,
  });
}

/** Everything a scan gives: pages, then how it ended. */
async function scan(options: Partial<SaneOptions> = {}, signal = new AbortController().signal) {
  const pages: Uint8Array[] = [];
  try {
    for await (const page of scanner(options).scan({ dpi: 75, signal })) pages.push(page.bytes);
    return { pages, error: undefined };
  } catch (error) {
    return { pages, error };
  }
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : String(error);
}

/** Folders of scans that were left behind. */
function leftBehind(): string[] {
  return readdirSync(configDir).filter(name => name.startsWith('okno-scan-'));
}

test('the scanners of the configuration are listed', async () => {
  assert.deepEqual(
    (await listSaneDevices(configDir)).map(each => each.device),
    ['test:0', 'test:1'],
  );
});

for (const [status, code] of [
  ['DEVICE_BUSY', 'scanner.busy'],
  ['IO_ERROR', 'scanner.fault'],
  ['ACCESS_DENIED', 'scanner.fault'],
] as const) {
  test(`the fault ${status} of the device is told as ${code}`, async () => {
    const { pages, error } = await scan({
      extraArgs: [...small, `--read-return-value=SANE_STATUS_${status}`],
    });
    assert.equal(codeOf(error), code);
    assert.equal(pages.length, 0);
  });
}

test('without the program the error names the package', async () => {
  assert.equal(codeOf((await scan({ scanimage: '/nonexistent/scanimage' })).error), 'setup.package-missing');
});

/** A stand-in for a device that gives two pages and then does what the shell line says. */
function brokenAfterTwo(then: string): string {
  const path = join(configDir, `scanimage-${then.replace(/\W/g, '')}`);
  const script = `#!/bin/sh
for argument; do case "$argument" in --batch=*) format="\${argument#--batch=}";; esac; done
for number in 1 2; do file=$(printf "$format" $number); echo page > "$file"; echo "$file"; done
${then}
`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}

test('pages before a jam are kept, and the error says how many', async () => {
  const { pages, error } = await scan({ scanimage: brokenAfterTwo('exit 6') });
  assert.equal(pages.length, 2);
  assert.equal(codeOf(error), 'scanner.jammed');
  assert.equal(error instanceof AppError && error.details.pages, 2);
});

test('SANE status 7 after pages is the normal end', async () => {
  const { pages, error } = await scan({ scanimage: brokenAfterTwo('exit 7') });
  assert.deepEqual([pages.length, error], [2, undefined]);
});

test('a device that falls silent between pages is given up, with its pages kept', async () => {
  const timeouts = { firstPageMs: 60_000, pageMs: 100, endMs: 1000 };
  const { pages, error } = await scan({ scanimage: brokenAfterTwo('exec sleep 600'), timeouts });
  assert.ok(pages.length <= 2);
  assert.equal(codeOf(error), 'scanner.timeout');
});

test('F28 a program that hangs after its last word is ended, and what it said counts', async () => {
  const timeouts = { firstPageMs: 60_000, pageMs: 60_000, endMs: 100 };
  const hangs = (last: string) => ({
    scanimage: brokenAfterTwo(
      `echo '${last}' >&2; echo 'Batch terminated, 2 pages scanned' >&2; exec sleep 600`,
    ),
    timeouts,
  });
  const rows = [
    ['Scanned page 2. (scanner status = 5)', undefined],
    ['scanimage: sane_start: Document feeder out of documents', undefined],
    ['scanimage: sane_start: Document feeder jammed', 'scanner.jammed'],
    ['scanimage: sane_read: Error during device I/O', 'scanner.fault'],
  ] as const;
  for (const [last, code] of rows) {
    const { pages, error } = await scan(hangs(last));
    assert.deepEqual([pages.length, error && codeOf(error)], [2, code], last);
  }
});

test('an aborted scan ends its program and leaves no file behind', async () => {
  const stop = new AbortController();
  const slow = [
    ...small,
    '--read-delay=yes',
    '--read-delay-duration=200000',
    '--read-limit=yes',
    '--read-limit-size=64',
  ];
  setTimeout(() => stop.abort(new Error('the clerk stopped it')), 300);
  const { error } = await scan({ extraArgs: slow }, stop.signal);
  assert.match(String(error), /the clerk stopped it/);
  assert.deepEqual(leftBehind(), []);
});

test('whoever takes only one page ends the scan with it', async () => {
  for await (const page of scanner().scan({ dpi: 75, signal: new AbortController().signal })) {
    assert.equal(page.source, 'sane:test:0');
    break;
  }
  assert.deepEqual(leftBehind(), []);
});

test('a test picture without text is recognised as a document with next to no characters', async () => {
  const recogniser = createRecogniser({ pageTimeoutMs: 240_000 });
  try {
    for (const picture of ['Solid black', 'Solid white', 'Grid', 'Color pattern']) {
      const extraArgs = ['-x', '200', '-y', '200', '--mode=Color', `--test-picture=${picture}`];
      const { pages } = await scan({ source: 'Flatbed', extraArgs });
      const description = { kind: 'other', title: picture, createdAt: new Date(0) };
      const found = await recogniser.recognise(pages, description);
      assert.ok(found.characters < 100, `${picture}: ${found.characters}`);
      assert.deepEqual(
        found.fields.filter(field => field.check === 'passed'),
        [],
      );
    }
  } finally {
    await recogniser.stop();
  }
});
