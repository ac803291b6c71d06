import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { readBoxConfig } from '../../device/config/box-config.ts';
import { configFile } from '../../device/config/config-file.ts';

interface Settings {
  version: number;
}
const isSettings = (value: unknown): value is Settings =>
  typeof (value as Settings | null)?.version === 'number';

let root: string;
let path: string;
let made = 0;
const warnings: string[] = [];
const note = (warning: Error) => warnings.push(warning.message);

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'okno-config-'));
  process.on('warning', note);
});
after(async () => {
  process.off('warning', note);
  await rm(root, { recursive: true });
});
beforeEach(() => {
  path = join(root, `${++made}.json`);
});

const file = () => configFile(path, isSettings);
const turn = () => new Promise(resolve => setImmediate(resolve));

/** Two generations: the second is the newest. */
async function twoGenerations(): Promise<string> {
  await file().write({ version: 1 });
  await file().write({ version: 2 });
  return await readFile(path, 'utf8');
}

describe('F02 the configuration', () => {
  const damages: Record<string, (text: string) => string | Uint8Array> = {
    'zero-length': () => '',
    'NUL-filled': text => Buffer.alloc(text.length),
    truncated: text => text.slice(0, -5),
    'something else': () => '{"other": true}',
  };
  for (const [name, damage] of Object.entries(damages))
    test(`that is ${name} gives way to the generation before, with a warning`, async () => {
      const text = await twoGenerations();
      await writeFile(path, damage(text));
      assert.deepEqual(await file().read(), { version: 1 });
      await turn();
      assert.ok(warnings.some(warning => warning.includes(path) && warning.includes('damaged')));
    });

  test('that is gone gives way to the generation before', async () => {
    await twoGenerations();
    await rm(path);
    assert.deepEqual(await file().read(), { version: 1 });
  });

  test('that never was is absent, which is not the same as damaged', async () => {
    assert.equal(await file().read(), null);
    await writeFile(path, '');
    await assert.rejects(file().read(), { code: 'setup.bad-configuration' });
  });

  test('of which both generations are damaged is refused: nobody starts with an empty one', async () => {
    await twoGenerations();
    for (const each of [path, `${path}.previous`]) await writeFile(each, '');
    await assert.rejects(file().read(), { code: 'setup.bad-configuration' });
  });

  test('keeps the good generation and the damaged file when it is written again', async () => {
    await twoGenerations();
    await writeFile(path, '{"vers');
    await file().write({ version: 3 });
    assert.deepEqual(await file().read(), { version: 3 });
    assert.equal(await readFile(`${path}.damaged`, 'utf8'), '{"vers');
    await writeFile(path, '');
    assert.deepEqual(await file().read(), { version: 1 });
  });
});

test('a box without its configuration, or with another program’s, does not start', async () => {
  const refused = { code: 'setup.bad-configuration' };
  await assert.rejects(readBoxConfig(path), refused);
  await writeFile(path, '{"name": "something else"}');
  await assert.rejects(readBoxConfig(path), refused);
});
