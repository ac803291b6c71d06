import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { QueueView } from '../../../protocol/api/queue.ts';
import type { TicketView } from '../../../protocol/api/tickets.ts';
import { type HttpClient, httpClient } from '../../../provisioning/demonstration/box-client.ts';
import { someFreeBase } from '../../../provisioning/demonstration/ports.ts';
import { type Region, type RegionBranch, startRegion } from '../../../provisioning/demonstration/region.ts';
import { seriousFindings, smallTargets } from '../accessibility.ts';
import { launchChromium, type Watched, watchPage } from '../chromium.ts';

export let dir: string;
export let mediaDir: string;
export let region: Region;
export let branch: RegionBranch;
export let browser: Browser;
export let hall: HttpClient;
export let clerk: HttpClient;
export let devices: HttpClient;
export const watched: Watched[] = [];
export const findings: string[] = [];

/** One box and one browser for all; each test takes tickets of its own. */
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-public-'));
  const basePort = await someFreeBase(1);
  mediaDir = join(dir, 'media');
  await cp(new URL('../../../provisioning/demonstration/media', import.meta.url), mediaDir, {
    recursive: true,
  });
  const one = { basePort, branches: 1, agencyStepMs: 300, withoutCentre: true };
  region = await startRegion({ dir, mediaDir, ...one });
  branch = region.branches[0] as RegionBranch;
  [hall, clerk, devices] = [httpClient(branch.url), httpClient(branch.url), httpClient(branch.panelUrl)];
  await clerk.post('/api/login', { login: 'clerk', password: region.secrets.password });
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await region?.stop();
  await rm(dir, { recursive: true, force: true });
});
afterEach(async () => {
  const troubles = watched.splice(0).flatMap(each => each.troubles);
  const found = findings.splice(0);
  for (const context of browser.contexts()) await context.close();
  assert.deepEqual([...found, ...troubles], []);
});

interface Wish extends BrowserContextOptions {
  /** Time stands still and is moved by the test. */
  clock?: boolean;
}

export async function open(
  path: string,
  viewport: { width: number; height: number },
  wish: Wish = {},
): Promise<Page> {
  const { clock, ...options } = wish;
  const context = await browser.newContext({ viewport, locale: 'ru-RU', ...options });
  const page = await context.newPage();
  if (clock) await page.clock.install();
  watched.push(watchPage(page, branch.url));
  await page.goto(branch.url + path);
  return page;
}

/** 15 mm on the kiosks' screens: 27 inches with 1080 × 1920, 19 inches with 1280 × 1024. */
const targetPixels = Math.ceil(15 * (Math.hypot(1280, 1024) / (19 * 25.4)));

export async function look(name: string, page: Page): Promise<void> {
  // Colours on their way from one state to the other, or flashing, have no contrast worth measuring.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const finding of await seriousFindings(page)) findings.push(`${name}: ${finding}`);
  await page.emulateMedia({ reducedMotion: null });
  if (!name.startsWith('kiosk')) return;
  for (const target of await smallTargets(page, targetPixels)) findings.push(`${name}: small ${target}`);
  // Nothing is cut off at the side, whatever the print.
  const overflow = await page.evaluate(() =>
    Math.max(
      ...[document.documentElement, ...document.querySelectorAll('.kiosk-main')].map(
        ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
      ),
    ),
  );
  if (overflow > 0) findings.push(`${name}: ${overflow} px too wide`);
}

export const inMedia = (name: string) => join(mediaDir, name);
export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
export const newTicket = (serviceId = 'housing-subsidy') =>
  hall.post<TicketView>('/api/tickets', { requestId: crypto.randomUUID(), serviceId });
export const text = async (page: Page) => (await page.locator('body').textContent()) ?? '';

/** Whatever was called before is served, so that the next call is the next ticket. */
export async function clearWindow(): Promise<void> {
  const { mine } = await clerk.get<QueueView>('/api/queue');
  if (mine?.state === 'called') await clerk.post(`/api/tickets/${mine.ticketId}/came`);
  if (mine) await clerk.post(`/api/tickets/${mine.ticketId}/finish`);
}
export async function callUntil(ticket: TicketView): Promise<void> {
  for (;;) {
    await clearWindow();
    const { mine } = await clerk.post<QueueView>('/api/queue/next');
    if (mine?.ticketId === ticket.id) return;
  }
}
