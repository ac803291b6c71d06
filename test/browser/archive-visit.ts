import type { Browser } from 'playwright-core';
import type { Region, RegionBranch } from '../../provisioning/demonstration/region.ts';
import type { OnScreen } from './browser-visit.ts';
import { openPage, screens } from './chromium.ts';

/** An archivist finds the case of the visit with its readable copies; a clerk reads the register of paper copies. */
export async function keepArchive(
  browser: Browser,
  region: Region,
  branch: RegionBranch,
  onScreen: OnScreen,
): Promise<void> {
  const { page } = await openPage(browser, `${region.operatorUrl}/archive`, screens.clerk);
  await page.getByLabel('Имя для входа').fill('archivist');
  await page.getByLabel('Пароль').fill(region.secrets.password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /ПР-041-\d{4}-000001/ }).click();
  const copies = page.getByRole('button', { name: /Читаемая копия/ });
  await copies.nth(1).waitFor({ timeout: 120_000 });
  await onScreen('archive', page);
  const evidence = page.locator('.evidence').first();
  await evidence.locator('summary').click({ timeout: 120_000 });
  await evidence.evaluate(each => each.scrollIntoView());
  await onScreen('archive-evidence', page);

  const register = await openPage(browser, `${branch.url}/copies`, screens.clerk);
  await register.page.getByLabel('Имя для входа').fill('clerk');
  await register.page.getByLabel('Пароль').fill(region.secrets.password);
  await register.page.keyboard.press('Enter');
  await register.page.getByRole('rowheader').first().waitFor();
  await onScreen('copies', register.page);
}
