import assert from 'node:assert/strict';
import { test } from 'node:test';
import lock from '../../package-lock.json' with { type: 'json' };
import { completeLock, type Lock } from '../../provisioning/setup/complete-lock.ts';

test('npm ci accepts the lock: it names the optional packages of every platform', () => {
  const { added } = completeLock(lock as Lock);
  assert.deepEqual(added, [], 'run: node_modules/.bin/node provisioning/setup/complete-lock.ts');
});

test('an optional package that the lock lacks is added for its own platform only', () => {
  const { lock: whole, added } = completeLock({
    packages: {
      'node_modules/tool': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { 'tool-linux-x64-musl': '1.0.0', 'tool-win32-arm64-msvc': '1.0.0' },
      },
      'node_modules/tool-linux-x64-musl': { version: '1.0.0', optional: true },
    },
  });
  assert.deepEqual(added, ['node_modules/tool-win32-arm64-msvc']);
  assert.deepEqual(whole.packages['node_modules/tool-win32-arm64-msvc'], {
    version: '1.0.0',
    dev: true,
    optional: true,
    os: ['win32'],
    cpu: ['arm64'],
  });
});

test('a package that does not tell its platform is not guessed', () => {
  const packages = { 'node_modules/tool': { optionalDependencies: { 'tool-helper': '1.0.0' } } };
  assert.throws(() => completeLock({ packages }), /tool-helper/);
});
