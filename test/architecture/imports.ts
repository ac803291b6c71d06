import { posix } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** One import of any kind: static, type-only, re-export, dynamic, `require`. */
export interface Import {
  /** The importing file, from the root of the repository. */
  from: string;
  /** A file from the root of the repository, a package (`@fastify/static`) or a module of Node (`node:fs`). */
  to: string;
}

/** Keeps esbuild from finding the file on disk and giving its entry another name. */
const mark = 'source:';

/**
 * Every import of the given sources (path from the root → text). esbuild parses them; TypeScript 7 has no
 * parser to call from JavaScript, and tools that expect one see no modules at all.
 */
export async function importsOf(sources: ReadonlyMap<string, string>): Promise<Import[]> {
  const found = new Map<string, Import>();
  const add = (from: string, specifier: string) => {
    const to = target(from, specifier);
    found.set(`${from} ${to}`, { from, to });
  };
  await build({
    entryPoints: [...sources.keys()].map((path, index) => ({ in: `${mark}${path}`, out: `${index}` })),
    plugins: [collector(sources, add)],
    bundle: true,
    write: false,
    outdir: 'nowhere',
    platform: 'node',
    format: 'esm',
    jsx: 'preserve',
    logLevel: 'silent',
    // Keeps imports that only types use.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  for (const [from, text] of sources) {
    for (const specifier of spokenOf(text)) add(from, specifier);
  }
  return [...found.values()];
}

function collector(sources: ReadonlyMap<string, string>, add: (from: string, to: string) => void): Plugin {
  return {
    name: 'collect-imports',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return { path: path.slice(mark.length), namespace: 'source' };
        add(importer, path);
        return { path, external: true };
      });
      onLoad({ filter: /.*/, namespace: 'source' }, ({ path }) => {
        const text = sources.get(path);
        if (text === undefined) throw new Error(`no source for ${path}`);
        return { contents: withoutTypeOnly(text), loader: path.endsWith('x') ? 'tsx' : 'ts' };
      });
    },
  };
}

/** `import type` and `export type … from` as plain ones, which no stripping of types removes. */
function withoutTypeOnly(text: string): string {
  return text
    .replace(/\bimport\s+type\s+(?=[\w$*{])(?!from\s)/g, 'import ')
    .replace(/\bexport\s+type\s+(?=[*{])/g, 'export ');
}

/** What esbuild passes over: `import('x').Type` in a type, and a `require` made by `createRequire`. */
function spokenOf(text: string): string[] {
  const calls = text.matchAll(/\b(?:import|require|require\.resolve)\(\s*(['"`])([^'"`$]+)\1/g);
  return [...calls].map(match => match[2] ?? '');
}

function target(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
