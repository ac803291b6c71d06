import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importsOf } from './architecture/imports.ts';
import { mayImport, violation } from './architecture/rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders that a rule speaks of: one that is empty or renamed would make its rule check nothing. */
const expected = [
  ...Object.keys(mayImport),
  'device/core',
  'device/config',
  'device/peripherals/host',
  'device/peripherals/transports',
  'device/sync',
  'central/ingress',
];

function sourceFiles(): Map<string, string> {
  const folders = Object.keys(mayImport).join(',');
  const paths = globSync(`{${folders}}/**/*.{ts,tsx,mts,mjs,cjs,js}`, {
    cwd: root,
    exclude: path => path.includes('node_modules'),
  });
  return new Map(paths.sort().map(path => [path, readFileSync(`${root}${path}`, 'utf8')]));
}

async function violationsOf(path: string, text: string): Promise<string[]> {
  const imports = await importsOf(new Map([[path, text]]));
  return imports.flatMap(found => violation(found) ?? []);
}

test('every import keeps the rules of who may import whom', async () => {
  const sources = sourceFiles();
  for (const folder of expected) {
    const count = [...sources.keys()].filter(path => path.startsWith(`${folder}/`)).length;
    assert.ok(count > 0, `no source file found in ${folder}: its rules would check nothing`);
  }
  const imports = await importsOf(sources);
  for (const name of ['node:sqlite', 'mqtt', 'aedes', 'lowdb', 'pkcs11js', 'serialport', 'preact']) {
    assert.ok(
      imports.some(({ to }) => to === name),
      `no import of ${name} was seen: the parser looks past imports, or the rule about it is out of date`,
    );
  }
  assert.ok(imports.length > 3 * expected.length, `only ${imports.length} imports seen`);
  const violations = imports.flatMap(found => violation(found) ?? []);
  assert.deepEqual(violations, []);
});

const forbidden: [path: string, text: string, to: string][] = [
  ['protocol/a.ts', `import { b } from '../platform/b.ts'; b();`, 'platform/b.ts'],
  ['protocol/a.ts', `import { readFileSync } from 'node:fs'; readFileSync('x');`, 'node:fs'],
  ['protocol/deep/a.ts', `export * from '../../device/b.ts';`, 'device/b.ts'],
  ['platform/a.ts', `import '../device/b.ts';`, 'device/b.ts'],
  ['device/a.ts', `import { b } from '../central/b.ts'; b();`, 'central/b.ts'],
  ['device/a.ts', `import type { B } from '../central/b.ts'; export const b: B = 1;`, 'central/b.ts'],
  ['device/a.ts', `import { type B } from '../central/b.ts'; export const b: B = 1;`, 'central/b.ts'],
  ['device/a.ts', `export type { B } from '../central/b.ts';`, 'central/b.ts'],
  ['device/a.ts', `export type * from '../central/b.ts';`, 'central/b.ts'],
  ['device/a.ts', `export const b = await import('../central/b.ts');`, 'central/b.ts'],
  ['device/a.ts', `export let b: import('../central/b.ts').B;`, 'central/b.ts'],
  [
    'device/a.ts',
    `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nrequire('../central/b.ts');`,
    'central/b.ts',
  ],
  ['central/deep/a.ts', `import { b } from '../../device/b.ts'; b();`, 'device/b.ts'],
  [
    'ui/kiosk/a.tsx',
    `import { b } from '../../device/b.ts'; export const A = () => <b>{b}</b>;`,
    'device/b.ts',
  ],
  ['ui/kiosk/a.ts', `import { b } from '../../platform/b.ts'; b();`, 'platform/b.ts'],
  ['ui/kiosk/a.ts', `import { join } from 'node:path'; join('x');`, 'node:path'],
  ['device/core/a.ts', `import { b } from '../journal/b.ts'; b();`, 'device/journal/b.ts'],
  ['device/core/a.ts', `import { b } from '../../platform/b.ts'; b();`, 'platform/b.ts'],
  ['device/core/a.ts', `import fs from 'node:fs/promises'; fs.readFile('x');`, 'node:fs/promises'],
  ['device/signing/a.ts', `import pkcs11js from 'pkcs11js'; pkcs11js;`, 'pkcs11js'],
  ['device/peripherals/a.ts', `import { SerialPort } from 'serialport'; SerialPort;`, 'serialport'],
  [
    'device/peripherals/a.ts',
    `import { autoDetect } from '@serialport/bindings-cpp'; autoDetect();`,
    '@serialport/bindings-cpp',
  ],
  ['central/http/a.ts', `export const usb = () => import('usb');`, 'usb'],
  ['device/http/a.ts', `import mqtt from 'mqtt'; mqtt;`, 'mqtt'],
  ['central/ledger/a.ts', `import { Aedes } from 'aedes'; Aedes;`, 'aedes'],
  ['provisioning/a.ts', `import amqp from 'amqplib/callback_api.js'; amqp;`, 'amqplib'],
  ['device/journal/a.ts', `import { Low } from 'lowdb'; Low;`, 'lowdb'],
  ['test/a.ts', `import { JSONFile } from 'lowdb/node'; JSONFile;`, 'lowdb'],
  ['provisioning/a.ts', `import { b } from '../test/b.ts'; b();`, 'test/b.ts'],
  ['device/a.cjs', `const b = require('../test/b.ts'); b;`, 'test/b.ts'],
];

for (const [path, text, to] of forbidden) {
  test(`a forbidden import is found: ${path}: ${text.split('\n').at(-1)}`, async () => {
    const violations = await violationsOf(path, text);
    assert.equal(violations.length, 1, violations.join('\n'));
    assert.ok(violations[0]?.startsWith(`${path} must not import ${to}: `), violations[0]);
  });
}

const allowed: [path: string, text: string][] = [
  ['protocol/a.ts', `import { createHash } from 'node:crypto'; createHash('sha256');`],
  ['device/sync/a.ts', `import mqtt from 'mqtt'; import { b } from '../../protocol/b.ts'; mqtt; b();`],
  [
    'central/ingress/a.ts',
    `import { Aedes } from 'aedes'; import { b } from '../../platform/b.ts'; Aedes; b();`,
  ],
  ['device/peripherals/host/a.ts', `import pkcs11js from 'pkcs11js'; pkcs11js;`],
  ['device/config/a.ts', `import { Low } from 'lowdb'; Low;`],
  ['device/core/a.ts', `import { b } from './b.ts'; import { c } from '../../protocol/c.ts'; b(c);`],
  [
    'device/a.ts',
    `// import { b } from '../central/b.ts';\nexport const text = "import b from '../central/b.ts'";`,
  ],
  ['test/scenario/a.ts', `import mqtt from 'mqtt'; import { b } from '../../device/b.ts'; mqtt; b();`],
  ['ui/build.ts', `import { join } from 'node:path'; join('x');`],
];

for (const [path, text] of allowed) {
  test(`an allowed import passes: ${path}: ${text.split('\n')[0]}`, async () => {
    assert.deepEqual(await violationsOf(path, text), []);
  });
}
