import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });

for (const [name, script, ...words] of [
  ['npm run simulate -- hall', 'provisioning/simulation/main.ts', 'hall'],
  ['npm test', 'test/run.ts'],
] as const)
  test(`${name} tells its options when asked and when it does not know one, and does nothing else`, () => {
    const asked = run(script, ...words, '--help');
    assert.deepEqual([asked.status, asked.stdout.startsWith(`Usage: ${name}`)], [0, true]);
    const mistyped = run(script, ...words, '--no-such-option');
    assert.deepEqual([mistyped.status, mistyped.stdout], [2, '']);
    assert.match(mistyped.stderr, /--no-such-option/);
  });
