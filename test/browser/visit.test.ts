import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { type Region, type RegionBranch, startRegion } from '../../provisioning/demonstration/region.ts';
import { seriousFindings, smallTargets } from './accessibility.ts';
import { followOnPhone, type OnScreen, serveAtWindow, takeTicket, watchRegion } from './browser-visit.ts';
import { launchChromium, type Watched } from './chromium.ts';

let dir: string;
let region: Region;
let branch: RegionBranch;
let browser: Browser;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-browser-'));
  region = await startRegion({
    dir,
    basePort: await someFreeBase(1),
    branches: 1,
    agencyStepMs: 300,
  });
  branch = region.branches[0] as RegionBranch;
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await region?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** More than 15 mm on the kiosk's screen of 27 inches. */
const kioskTargetPixels = 72;
/** Longer than any motion on the pages. */
const stillAfterMs = 300;

test('KEM-5 KEM-7 LED-3.18 a citizen and a clerk go through a whole visit by touch and keyboard', async () => {
  const findings: string[] = [];
  const watched: Watched[] = [];
  const seen: string[] = [];
  const look: OnScreen = async (name, page) => {
    seen.push(name);
    await page.waitForTimeout(stillAfterMs);
    for (const finding of await seriousFindings(page)) findings.push(`${name}: ${finding}`);
    if (name.startsWith('kiosk'))
      for (const target of await smallTargets(page, kioskTargetPixels))
        findings.push(`${name}: small ${target}`);
  };
  const number = await takeTicket(browser, branch, look, watched);
  await followOnPhone(browser, branch, number, look, watched);
  await serveAtWindow(browser, region, branch, number, look, watched);
  await watchRegion(browser, region, look, watched);

  assert.deepEqual(findings, []);
  assert.deepEqual(
    watched.flatMap(({ troubles }) => troubles),
    [],
  );
  assert.ok(seen.length >= 15, `${seen.length} screens`);
});
