import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync(['docs/**/*.md', '*/README.md'], { cwd: root }).filter(
  page => !page.startsWith('node_modules'),
);

/** Words in backticks that look like a file or folder of ours: `core/`, `device/main.ts`, `adr/0003`. */
const path = /`((?:[a-z0-9-]+\/)+(?:[a-z0-9-]+\.(?:ts|tsx|cjs|json))?|[a-z0-9-]+\.(?:ts|tsx|cjs))`/g;

test('every file that a page of the documentation names is there', () => {
  let count = 0;
  const missing: string[] = [];
  for (const page of pages) {
    for (const [, name = ''] of readFileSync(join(root, page), 'utf8').matchAll(path)) {
      count += 1;
      const folder = join(root, dirname(page));
      const found = name.includes('/')
        ? [root, folder].some(from => existsSync(join(from, name)))
        : globSync(`**/${name}`, { cwd: folder }).length > 0;
      if (!found) missing.push(`${page}: ${name}`);
    }
  }
  assert.ok(count > 100, `only ${count} names of files seen`);
  assert.deepEqual(missing, []);
});

test('the glossary names each thing once and says what it means', () => {
  const rows = readFileSync(join(root, 'docs/GLOSSARY.md'), 'utf8')
    .split('\n')
    .filter(line => line.startsWith('| ') && !line.startsWith('| Russian'))
    .map(line => line.slice(2, -2).split(' | '));
  assert.ok(rows.length >= 50, `only ${rows.length} terms`);
  for (const row of rows) assert.equal(row.filter(cell => cell.trim()).length, 4, row.join(' | '));
  for (const column of [0, 1]) {
    const terms = rows.map(row => row[column]);
    assert.equal(new Set(terms).size, terms.length, `a term stands twice in column ${column + 1}`);
  }
});

test('every clause and every decision that is quoted is told', () => {
  const clauses = readFileSync(join(root, 'docs/CLAUSES.md'), 'utf8');
  const decisions = new Set(
    globSync('docs/adr/*.md', { cwd: root }).map(file => Number(basename(file).slice(0, 4))),
  );
  const sources = globSync(['{central,device,platform,protocol,provisioning,test,ui}/**/*.{ts,tsx}'], {
    cwd: root,
  });
  const untold = [...pages, ...sources].flatMap(file => {
    const text = readFileSync(join(root, file), 'utf8');
    const quoted = [...text.matchAll(/\b(?:LED|KEM)-\d+(?:\.(?:\d+|x))?/g)].map(([id]) => id);
    const named = [...text.matchAll(/\bADR (\d+)/g)].map(([, number]) => Number(number));
    return [
      ...quoted.filter(id => !clauses.includes(`| ${id} |`)),
      ...named.filter(number => !decisions.has(number)).map(number => `ADR ${number}`),
    ].map(what => `${file}: ${what}`);
  });
  assert.ok(sources.length > 1000, `only ${sources.length} files seen`);
  assert.deepEqual(untold, []);
});
