import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const pages = {
  kiosk: { title: 'Окно: терминал', theme: 'light' },
  board: { title: 'Окно: табло', theme: 'dark' },
  clerk: { title: 'Окно: рабочее место', theme: 'light' },
  technician: { title: 'Окно: техник', theme: 'light' },
  forecast: { title: 'Окно: прогноз ожидания', theme: 'light' },
  hall: { title: 'Окно: зал', theme: 'light' },
  trainer: { title: 'Окно: виды документов', theme: 'light' },
  'ticket-editor': { title: 'Окно: вид талона', theme: 'light' },
  operator: { title: 'Окно: диспетчерская', theme: 'dark' },
  copies: { title: 'Окно: реестр копий', theme: 'light' },
  archive: { title: 'Окно: архив', theme: 'light' },
  appointments: { title: 'Окно: запись на приём', theme: 'light' },
  ticket: { title: 'Окно: талон', theme: 'light' },
  check: { title: 'Окно: проверка копии', theme: 'light' },
  'not-found': { title: 'Окно', theme: 'light' },
} as const;

export type PageName = keyof typeof pages;

export interface BuiltPage {
  /** Path of the HTML file. */
  html: string;
  /** Script and style sheet together, compressed. */
  gzipBytes: number;
}

export interface BuiltUi {
  pages: Record<PageName, BuiltPage>;
  /** Folder to serve at `/assets/`; names carry a digest of the content, so they may be cached for good. */
  assetsDir: string;
}

/**
 * Bundles every page into `outDir`: `<page>.html` and `assets/*`. Nothing inline, so that the strictest
 * Content-Security-Policy (`default-src 'self'`) holds; fonts are copied, no request leaves the box.
 */
export async function buildUi(outDir: string): Promise<BuiltUi> {
  const root = path.dirname(fileURLToPath(import.meta.url));
  const out = path.resolve(outDir);
  const names = Object.keys(pages) as PageName[];
  await rm(path.join(out, 'assets'), { recursive: true, force: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map(name => [name, `${name}/main.tsx`])),
    outdir: out,
    entryNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    publicPath: '/',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'chrome110',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.woff2': 'file' },
    metafile: true,
    logLevel: 'silent',
  });
  const icon = await placeIcon(root, out);
  const built = await Promise.all(
    names.map(async (name): Promise<[PageName, BuiltPage]> => {
      const { script, style } = findBundle(result.metafile.outputs, name, root, out);
      const html = path.join(out, `${name}.html`);
      await writeFile(html, pageHtml(name, url(out, script), url(out, style), icon));
      const files = await Promise.all([readFile(script), readFile(style)]);
      return [name, { html, gzipBytes: files.reduce((sum, file) => sum + gzipSync(file).length, 0) }];
    }),
  );
  return {
    pages: Object.fromEntries(built) as Record<PageName, BuiltPage>,
    assetsDir: path.join(out, 'assets'),
  };
}

type Outputs = Record<string, { entryPoint?: string; cssBundle?: string }>;

function findBundle(outputs: Outputs, name: PageName, root: string, out: string) {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === `${name}/main.tsx`);
  const style = found?.[1].cssBundle;
  if (!found || !style) throw new Error(`esbuild made no bundle for ${name} in ${out}`);
  return { script: path.resolve(root, found[0]), style: path.resolve(root, style) };
}

async function placeIcon(root: string, out: string): Promise<string> {
  const source = path.join(root, 'shared', 'icon.svg');
  const digest = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 8);
  await mkdir(path.join(out, 'assets'), { recursive: true });
  await copyFile(source, path.join(out, 'assets', `icon-${digest}.svg`));
  return `/assets/icon-${digest}.svg`;
}

function url(out: string, file: string): string {
  return `/${path.relative(out, file).split(path.sep).join('/')}`;
}

// Chromium's Translate bubble covers the kiosk's bar, hence `translate="no"` and the meta element.
function pageHtml(name: PageName, script: string, style: string, icon: string): string {
  return `<!doctype html>
<html lang="ru" translate="no" data-page="${name}" data-theme="${pages[name].theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="google" content="notranslate">
<title>${pages[name].title}</title>
<link rel="icon" href="${icon}" type="image/svg+xml">
<link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>
</head>
<body><div id="page"></div></body>
</html>
`;
}
