import { readFileSync, writeFileSync } from 'node:fs';
import type { ErrorRow } from '../../protocol/error-table.ts';
import { errorTable } from '../../protocol/errors.ts';

const page = new URL('../../docs/ERRORS.md', import.meta.url);

const preamble = `# Errors

Generated from \`protocol/errors/\` by \`node_modules/.bin/node provisioning/docs/errors.ts\`. Change the tables there, not this page.

A code is \`area.reason\`. **Retry** says what may be done with the same call: \`never\` (it fails again), \`now\` (repeat at once),
\`later\` (the program repeats it by itself, with growing pauses), \`after-fix\` (when a person has mended something).
Words in braces are filled in from the details of the error.
`;

/** The text of `docs/ERRORS.md` for a table: one section an area, rows in the order of the source. */
export function errorsPage(table: Record<string, ErrorRow>): string {
  const areas = Map.groupBy(Object.entries(table), ([code]) => code.slice(0, code.indexOf('.')));
  const sections = [...areas].map(([area, rows]) => {
    const lines = rows.map(
      ([code, { status, retry, severity, ru, en }]) =>
        `| \`${code}\` | ${status} | ${retry} | ${severity} | ${cell(ru)} | ${cell(en)} |`,
    );
    return [
      `## ${area}`,
      '',
      '| Code | Status | Retry | Severity | Russian | English |',
      '|---|---|---|---|---|---|',
      ...lines,
      '',
    ].join('\n');
  });
  return [preamble, ...sections].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function stored(): string {
  try {
    return readFileSync(page, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

if (import.meta.main) {
  const wanted = errorsPage(errorTable);
  if (!process.argv.includes('--check')) {
    writeFileSync(page, wanted);
  } else if (stored() !== wanted) {
    console.error('docs/ERRORS.md is out of date. Run: node_modules/.bin/node provisioning/docs/errors.ts');
    process.exitCode = 1;
  }
}
