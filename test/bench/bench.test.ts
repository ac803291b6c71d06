import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const fixtures = new URL('../fixtures/pages/', import.meta.url);
const main = fileURLToPath(new URL('main.ts', import.meta.url));

interface Run {
  status: number | null;
  lines: Record<string, unknown>[];
  words: string;
  /** Folders of that process that are still there. */
  left: string[];
}

function bench(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env } });
  const [out, words]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', chunk => out.push(chunk));
  child.stderr.on('data', chunk => words.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => {
      const text = Buffer.concat(out).toString();
      const folders = ['/dev/shm', tmpdir()].filter(existsSync).flatMap(folder => readdirSync(folder));
      resolve({
        status,
        lines: text
          .split('\n')
          .filter(Boolean)
          .map(line => JSON.parse(line)),
        words: Buffer.concat(words).toString(),
        left: folders.filter(name => name.startsWith(`okno-bench-${child.pid}-`)),
      });
    });
  });
}

/** What every line has. */
function assertLine(line: Record<string, unknown>, name: string): void {
  const { value, limit, ratio } = line as { value: number; limit: number; ratio: number };
  assert.equal(line.bench, name);
  for (const text of ['case', 'unit', 'limitUnit'])
    assert.ok(line[text], `${text} in ${JSON.stringify(line)}`);
  for (const [member, figure] of Object.entries(line))
    assert.ok(typeof figure === 'string' || Number.isFinite(figure), `${member} is ${figure}`);
  assert.ok(value > 0 && limit > 0);
  assert.ok(Math.abs(ratio - value / limit) <= 0.01 * ratio, `${ratio} is not ${value} / ${limit}`);
}

const small: [name: string, lines: number, ...flags: string[]][] = [
  ['ticket', 3, '--fsync-ms=1', '--rounds=1', '--clients=3', '--seconds=0.3', '--warm-up=50', '--floor'],
  ['sync', 1, '--fsync-ms=1', '--facts=600'],
  ['ingest', 2, '--fsync-ms=1', '--boxes=20', '--messages=200', '--facts=256', '--warm-up=20'],
  ['print', 2, '--fsync-ms=1', '--seconds=0.5'],
  ['search', 11, '--pages=200'],
  ['signing', 16, '--seconds=0.02', '--token-ms=5', '--megabytes=1', '--documents=2'],
  ['fleet', 3, '--fsync-ms=1', '--boxes=20', '--seconds=1', '--settle-ms=100', '--away-ms=500'],
];

for (const [name, count, ...flags] of small)
  test(`the benchmark «${name}» prints its figures beside the limit of its medium and leaves nothing behind`, async () => {
    const { status, lines, words, left } = await bench([name, ...flags]);
    assert.equal(status, 0, words);
    assert.equal(lines.length, count, words);
    for (const line of lines) assertLine(line, name);
    assert.deepEqual(left, []);
  });

test('the benchmark «capture» reads a folder of pages and prints what it cost and how well it was read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'okno-capture-pages-'));
  try {
    for (const name of ['snils-card-1', 'snils-card-2'])
      for (const ending of ['jpg', 'txt'])
        await copyFile(new URL(`${name}.${ending}`, fixtures), join(folder, `${name}.${ending}`));
    const run = await bench(['capture', `--pages=${folder}`, '--engines=okno']);
    assert.equal(run.status, 0, run.words);
    const [line] = run.lines;
    assert.equal(run.lines.length, 1);
    assert.equal(line?.engine, 'okno');
    assert.equal(line?.pages, 2);
    for (const figure of [
      'pagesPerMinute',
      'cpuSecondsPerPage',
      'peakMemoryBytes',
      'bytesPerPage',
      'onePageSeconds',
    ])
      assert.ok(Number(line?.[figure]) > 0, `${figure} in ${JSON.stringify(line)}`);
    assert.ok(Number(line?.cer) < 0.05 && Number(line?.wer) < 0.1, JSON.stringify(line));
    assert.deepEqual(run.left, []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a benchmark that cannot run on a machine says why and fails', async () => {
  const { status, lines, left } = await bench(['content'], { PATH: '/nonexistent' });
  assert.equal(status, 1);
  assert.equal(lines.length, 1);
  assert.equal(lines[0]?.bench, 'content');
  assert.match(String(lines[0]?.skipped), /\w/);
  assert.deepEqual(left, []);
});

test('an unknown benchmark and an unknown flag are refused', async () => {
  assert.equal((await bench(['nonsense'])).status, 2);
  assert.notEqual((await bench(['ticket', '--nonsense=1'])).status, 0);
});
