import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { startRegion } from '../../provisioning/demonstration/region.ts';

const mostBytes = 120e6;
const idleMs = 20_000;

async function memoryOf(pid: number) {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) * 1024;
  return { pss: of('Pss'), rss: of('Rss'), anonymous: of('Anonymous') };
}

/** PSS counts pages that several processes share, as Node's own program, in equal parts: what the box really costs the machine. */
test('a box that has nothing to do takes less than 120 MB (PSS)', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-memory-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const basePort = await someFreeBase(1);
  const region = await startRegion({ dir, basePort, branches: 1, agencyStepMs: 1000, withoutCentre: true });
  t.after(() => region.stop());
  const [branch] = region.branches;
  // The first start compiles; every later one is what a box is in daily life.
  await branch?.program().stop();
  await branch?.restart();
  await sleep(idleMs);
  const { pss, rss, anonymous } = await memoryOf(branch?.program().pid ?? 0);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  t.diagnostic(`PSS ${megabytes(pss)} MB, RSS ${megabytes(rss)} MB, anonymous ${megabytes(anonymous)} MB`);
  assert.ok(pss < mostBytes, `${pss} bytes`);
});
