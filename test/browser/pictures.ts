import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { httpClient } from '../../provisioning/demonstration/box-client.ts';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { type RegionBranch, startRegion } from '../../provisioning/demonstration/region.ts';
import { npmCommand } from '../../provisioning/npm-command.ts';
import { keepArchive } from './archive-visit.ts';
import { followOnPhone, type OnScreen, serveAtWindow, takeTicket, watchRegion } from './browser-visit.ts';
import { launchChromium, openPage, screens } from './chromium.ts';
import { showHallPages } from './hall-pictures.ts';
import { showPublicPages } from './public-pictures.ts';

const [target = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))] = npmCommand(
  'npm run pictures',
  'takes the pictures of every page anew, at its real size',
)
  .argument('[folder]', 'where they go; what pictures are there is removed. docs/pictures when left out')
  .parse().args;
const dir = await mkdtemp(join(tmpdir(), 'okno-pictures-'));
await mkdir(target, { recursive: true });
for (const name of await readdir(target)) if (name.endsWith('.png')) await rm(join(target, name));

const region = await startRegion({
  dir,
  basePort: await someFreeBase(3),
  branches: 3,
  agencyStepMs: 300,
});
const browser = await launchChromium();
try {
  const branch = region.branches[0] as RegionBranch;
  const take: OnScreen = async (name, page) => {
    await page.waitForTimeout(500);
    // A palette keeps the repository small; the pages have few colours.
    const picture = await sharp(await page.screenshot())
      .png({ palette: true, compressionLevel: 9 })
      .toBuffer();
    await writeFile(join(target, `${name}.png`), picture);
    process.stderr.write(`  ${name}.png\n`);
  };

  const kiosk = httpClient(branch.url);
  const number = await takeTicket(browser, branch, take, []);
  await followOnPhone(browser, branch, number, take, []);
  // Some life in the hall.
  for (const serviceId of ['housing-subsidy', 'passport-issue', 'foreign-passport'])
    await kiosk.post('/api/tickets', { requestId: crypto.randomUUID(), serviceId });
  await serveAtWindow(browser, region, branch, number, take, []);
  await watchRegion(browser, region, take, []);
  await keepArchive(browser, region, branch, take);

  const wide = await openPage(browser, `${branch.url}/kiosk`, screens.kioskWide);
  await wide.page.getByRole('button', { name: /Коснитесь экрана/ }).click();
  await wide.page.getByRole('button', { name: /Паспорта/ }).waitFor();
  await take('kiosk-wide', wide.page);
  await showPublicPages(browser, branch, region.secrets.password, take);
  await showHallPages(browser, region, branch, take);
  const trainer = await openPage(browser, `${branch.url}/trainer`, screens.clerk);
  await trainer.page.getByLabel('Имя для входа').fill('technician');
  await trainer.page.getByLabel('Пароль').fill(region.secrets.password);
  await trainer.page.keyboard.press('Enter');
  await trainer.page.locator('.tool-foot').waitFor();
  await take('trainer', trainer.page);
  const technician = await openPage(browser, `${branch.url}/technician`, screens.clerk);
  await technician.page.getByLabel('Имя для входа').fill('technician');
  await technician.page.getByLabel('Пароль').fill(region.secrets.password);
  await technician.page.keyboard.press('Enter');
  await technician.page.getByRole('button', { name: /Принтер талонов/ }).click();
  await technician.page.getByRole('button', { name: 'Напечатать пробный талон' }).click();
  await technician.page.getByText('Талон напечатан').waitFor();
  await take('technician', technician.page);
  await trainer.page.goto(`${branch.url}/ticket-editor`);
  await trainer.page.locator('.editor-paper img').waitFor();
  await take('ticket-editor', trainer.page);
  const devices = await openPage(browser, branch.panelUrl, screens.clerk);
  await take('devices', devices.page);
  const tickets = join(dir, branch.box, 'devices/tickets');
  const [first] = (await readdir(tickets)).filter(name => name.endsWith('.png')).sort();
  if (first) await copyFile(join(tickets, first), join(target, 'printed-ticket.png'));
} finally {
  await browser.close();
  await region.stop();
  await rm(dir, { recursive: true, force: true });
}
