import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../provisioning/demonstration/programs.ts';

const steps = [
  ...[
    'region',
    'ticket',
    'call',
    'scan',
    'recognise',
    'sign',
    'package',
    'sync',
    'centre',
    'agency',
    'result',
  ],
  ...[
    'check-signatures',
    'check-package',
    'check-evidence',
    'check-audit',
    'check-text',
    'check-pdf',
    'check-ticket',
  ],
  'check-ledger',
];
const kept = [
  ...['ticket.bin', 'ticket.png', 'package.asice', 'result.asice', 'paper-copy.pdf', 'journal.json'],
  'package.asice.evidence.zip',
  'trust/stamps.pem',
  ...['ledger.json', 'proof.json', 'case.json', 'trust/clerks.pem', 'trust/boxes.pem', 'trust/officers.pem'],
];

/** Rejects when the visit ends with anything but 0. */
async function runVisit(t: TestContext, ...flags: string[]): Promise<{ step: string; ok: boolean }[]> {
  const dir = await mkdtemp(join(tmpdir(), 'okno-kept-'));
  t.after(() => rm(dir, { recursive: true }));
  const visit = [join(root, 'provisioning/demonstration/visit.ts'), '--json', '--out', dir, ...flags];
  const { stdout } = await promisify(execFile)(process.execPath, visit, { cwd: root });
  for (const name of kept) assert.ok((await stat(join(dir, name))).size > 0, name);
  assert.ok((await readdir(dir)).length > 0);
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { step: string; ok: boolean });
}

/** LED-3.7: every step of the visit was done and every check held; `more` steps come before `sync`. */
export async function assertVisit(t: TestContext, flags: string[], more: string[] = []): Promise<void> {
  const done = await runVisit(t, ...flags);
  const expected = steps.flatMap(step => (step === 'sync' ? [...more, step] : step));
  assert.deepEqual(
    done.map(({ step, ok }) => [step, ok]),
    expected.map(step => [step, true]),
  );
}
