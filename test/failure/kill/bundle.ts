import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Puts each program into one file: a start then costs a quarter of what finding and reading two hundred
 * modules costs, and a test that starts hundreds of them ends in time.
 */
export async function bundlePrograms(dir: string, names: readonly string[]): Promise<void> {
  await build({
    entryPoints: names.map(name => fileURLToPath(new URL(`${name}.ts`, import.meta.url))),
    outdir: dir,
    outExtension: { '.js': '.mjs' },
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
