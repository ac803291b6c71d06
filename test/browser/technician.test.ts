import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { TechnicianView } from '../../protocol/api/technician.ts';
import type { Reading } from '../../protocol/readings.ts';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { type Region, type RegionBranch, startRegion } from '../../provisioning/demonstration/region.ts';
import { until } from '../fixtures/until.ts';
import { residentCard } from '../simulators/smart-card/card.ts';
import { type PrivatePcscd, startPcscd } from '../simulators/smart-card/pcscd.ts';
import { insertIntoVpcd } from '../simulators/smart-card/vpcd-end.ts';
import { seriousFindings } from './accessibility.ts';
import { launchChromium, openPage, screens } from './chromium.ts';

let dir: string;
let pcscd: PrivatePcscd;
let region: Region;
let branch: RegionBranch;
let browser: Browser;

/** A whole box with a card reader of its own. */
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-technician-'));
  pcscd = await startPcscd();
  Object.assign(process.env, pcscd.env);
  const basePort = await someFreeBase(1);
  region = await startRegion({ dir, basePort, branches: 1, agencyStepMs: 300, withoutCentre: true });
  branch = region.branches[0] as RegionBranch;
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await region?.stop();
  await pcscd?.close();
  await rm(dir, { recursive: true, force: true });
});

const card = () =>
  residentCard({
    number: '9643 0000 0000 0017',
    fullName: 'Придуманова Аглая Тестовна',
    birthDate: '31.02.1970',
    snils: '000-000-000 00',
  });

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

async function logInAs(page: Page, login: string): Promise<void> {
  await page.getByLabel('Имя для входа').fill(login);
  await page.getByLabel('Пароль').fill(region.secrets.password);
  await page.keyboard.press('Enter');
}

/** What a page's live stream brings of readings, heard with or without a log-in. */
async function listen(cookie: string, query = '') {
  const readings: Reading[] = [];
  const abort = new AbortController();
  const answer = await fetch(`${branch.url}/api/live${query}`, { headers: { cookie }, signal: abort.signal });
  const drain = async () => {
    let text = '';
    for await (const bytes of answer.body ?? []) {
      text += Buffer.from(bytes).toString();
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events)
        if (event.startsWith('event: reading')) readings.push(JSON.parse(event.split('data: ')[1] ?? ''));
    }
  };
  void drain().catch(() => undefined);
  return { readings, stop: () => abort.abort() };
}

async function cookieOf(login: string): Promise<string> {
  const answer = await fetch(`${branch.url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password: region.secrets.password }),
  });
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

test('a technician gives a card reader its window and tries every device; cards then reach that window alone', async () => {
  const findings: string[] = [];
  const watched = await openPage(browser, `${branch.url}/technician`, screens.clerk);
  const { page } = watched;
  await logInAs(page, 'technician');
  await page.getByText('Okno test reader').first().waitFor();

  await button(page, /Принтер талонов/).click();
  await button(page, 'Включить запись').click();
  await button(page, 'Напечатать пробный талон').click();
  await page.getByText('Талон напечатан').waitFor();
  await page
    .getByText(/» 1B 40/)
    .first()
    .waitFor();
  if (process.env.OKNO_LOOK)
    await page.screenshot({ path: join(process.env.OKNO_LOOK, 'technician-printer.png') });

  await button(page, /Ключ подписи/).click();
  await page.getByLabel('PIN-код ключа').fill(region.secrets.pin);
  await button(page, 'Проверить подпись').click();
  await page.getByText(/Подписано\. Владелец ключа/).waitFor();

  await button(page, /Сканер у окна/).click();
  await button(page, 'Отсканировать лист').click();
  await page.getByText('Лист отсканирован').waitFor();

  await button(page, /Okno test reader/)
    .first()
    .click();
  await page.getByLabel('Где стоит').selectOption('1');
  await button(page, 'Назначить').click();
  await page.getByText('Назначено', { exact: true }).waitFor();
  await button(page, 'Считать карту').click();
  const view = await page.evaluate(
    async () => (await fetch('/api/technician')).json() as Promise<TechnicianView>,
  );
  const reader = view.devices.find(({ role }) => role !== null);
  const slot = reader?.plug?.where.endsWith('01') ? 1 : 0;
  const tried = await insertIntoVpcd(pcscd.port + slot, card());
  await page.getByText('владелец прочитан').waitFor();
  await page.getByText('номер 04A1B2C3D4E5F6').waitFor();
  if (process.env.OKNO_LOOK)
    await page.screenshot({ path: join(process.env.OKNO_LOOK, 'technician-reader.png') });
  findings.push(...(await seriousFindings(page)));
  await tried.remove();

  const clerk = await openPage(browser, `${branch.url}/clerk`, screens.clerk);
  await logInAs(clerk.page, 'clerk');
  await clerk.page
    .locator('.strip')
    .getByText(/Считыватель карт/)
    .waitFor();
  const [here, elsewhere, nobody, kiosk] = await Promise.all([
    listen(await cookieOf('clerk')),
    listen(await cookieOf('clerk2')),
    listen(''),
    listen('', '?place=kiosk'),
  ]);
  const shown = await insertIntoVpcd(pcscd.port + slot, card());
  await until(() => here.readings.some(({ read }) => read.kind === 'card'));
  const heard = here.readings.find(({ read }) => read.kind === 'card');
  assert.ok(heard?.read.kind === 'card');
  assert.equal(heard.read.identity?.fields[1]?.value, 'Придуманова Аглая Тестовна');
  for (const other of [elsewhere, nobody, kiosk]) assert.deepEqual(other.readings, []);
  // The page logged in after its stream had begun.
  await clerk.page.getByText('Считана карта').waitFor();
  await clerk.page.getByText(/Придуманова Аглая Тестовна/).waitFor();
  if (process.env.OKNO_LOOK)
    await clerk.page.screenshot({ path: join(process.env.OKNO_LOOK, 'clerk-card.png') });
  findings.push(...(await seriousFindings(clerk.page)));
  for (const stream of [here, elsewhere, nobody, kiosk]) stream.stop();
  await shown.remove();

  const doctor = await fetch(`${branch.url}/api/doctor`);
  const diagnosis = (await doctor.json()) as TechnicianView;
  assert.ok(diagnosis.devices.some(({ role }) => role?.place === '1'));
  const proxied = await fetch(`${branch.url}/api/doctor`, { headers: { 'x-forwarded-for': '10.1.1.1' } });
  assert.equal(proxied.status, 401);

  await pcscd.kill();
  await page.getByText(/Служба карт \(pcscd\) не работает/).waitFor();
  if (process.env.OKNO_LOOK)
    await page.screenshot({ path: join(process.env.OKNO_LOOK, 'technician-down.png') });
  await pcscd.start();
  await page.locator('.tech-pane-head').getByText('работает').waitFor();

  await page.setViewportSize(screens.phone);
  await button(page, 'Назад').click();
  await button(page, /Принтер талонов/).waitFor();
  if (process.env.OKNO_LOOK)
    await page.screenshot({ path: join(process.env.OKNO_LOOK, 'technician-phone.png') });
  assert.deepEqual(findings, []);
  assert.deepEqual([...watched.troubles, ...clerk.troubles], []);
});
