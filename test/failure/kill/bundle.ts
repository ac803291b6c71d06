import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const sqliteThread = '../../../central/ledger/sqlite-thread.ts';

/**
 * Puts each program into one file, and the centre's thread beside them where it is looked for: a start then
 * costs a quarter of what finding and reading two hundred modules costs, and a test that starts hundreds of
 * them ends in time.
 */
export async function bundlePrograms(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
  await bundle('box.ts', join(dir, 'box.js'));
  await bundle('centre.ts', join(dir, 'centre.js'));
  await bundle(sqliteThread, join(dir, 'sqlite-thread.ts'));
}

async function bundle(script: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(script, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Packages that are CommonJS ask for Node's own modules by it.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
}
