import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bench/programs/sign-package.ts', import.meta.url));

interface Told {
  packageBytes: number;
  peakMemoryBytes: number;
}

test('KEM-18 a package of 300 MB is signed, written and judged in less than 150 MB of memory', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'okno-package-memory-'));
  const child = fork(program, ['60', '5000000', folder]);
  t.after(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the program ended before')));
  const [{ packageBytes, peakMemoryBytes }] = (await Promise.race([once(child, 'message'), ended])) as [Told];
  assert.ok(packageBytes > 300e6, `${packageBytes}`);
  assert.ok(peakMemoryBytes < 150e6, `${peakMemoryBytes}`);
});
