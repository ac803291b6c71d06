import type { Browser, Page } from 'playwright-core';
import type { ForecastScore, ForecastView } from '../../protocol/api/forecast.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { type HttpClient, httpClient } from '../../provisioning/demonstration/box-client.ts';
import type { Region, RegionBranch } from '../../provisioning/demonstration/region.ts';
import type { OnScreen } from './browser-visit.ts';
import { openPage, screens } from './chromium.ts';

/** The hall's administrator, boards of two rooms, booking ahead and the forecast, for `npm run pictures`. */
export async function showHallPages(
  browser: Browser,
  region: Region,
  branch: RegionBranch,
  take: OnScreen,
): Promise<void> {
  const { password } = region.secrets;
  const [first, second, administrator] = await Promise.all(
    ['clerk', 'clerk2', 'hall'].map(async login => {
      const client = httpClient(branch.url);
      await client.post('/api/login', { login, password });
      return client;
    }),
  );
  if (!first || !second || !administrator) return;
  await fillHall(branch, first, second, administrator);
  await take('board-zone', (await openPage(browser, `${branch.url}/board?zone=left`, screens.board)).page);

  const { page: hall } = await openPage(browser, `${branch.url}/hall`, screens.clerk);
  await logIn(hall, 'hall', password);
  await hall.locator('.window-card').first().waitFor();
  await take('hall', hall);
  for (const [name, tab] of [
    ['hall-services', 'Услуги'],
    ['hall-day', 'Итоги дня'],
  ] as const) {
    await hall.getByRole('tab', { name: tab }).click();
    await take(name, hall);
  }
  await bookOnPhone(browser, region, take);

  const forecast = await browser.newPage({ viewport: screens.clerk, locale: 'ru-RU' });
  await forecast.route('**/api/forecast', route => route.fulfill({ json: twoWeeks() }));
  await forecast.goto(`${branch.url}/forecast`);
  await logIn(forecast, 'technician', password);
  await forecast.locator('.forecast-days').waitFor();
  await take('forecast', forecast);
}

async function logIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('Имя для входа').fill(login);
  await page.getByLabel('Пароль').fill(password);
  await page.keyboard.press('Enter');
}

/** Some people in two rooms, each with a window of its own kind; some who come later. */
async function fillHall(
  branch: RegionBranch,
  first: HttpClient,
  second: HttpClient,
  administrator: HttpClient,
): Promise<void> {
  const kiosk = httpClient(branch.url);
  const skills = (login: string, ...categories: string[]) =>
    administrator.post(`/api/hall/skills/${login}`, {
      skills: categories.map(categoryId => ({ categoryId, weight: 10 })),
    });
  await skills('clerk', 'social', 'family', 'passports');
  await skills('clerk2', 'taxes', 'property');
  for (const clerk of [first, second]) await clerk.post('/api/window/open');
  const take = (serviceId: string, more: object = {}) =>
    kiosk.post<TicketView>('/api/tickets', { requestId: crypto.randomUUID(), serviceId, ...more });
  for (const serviceId of ['housing-subsidy', 'inn-certificate', 'passport-issue', 'tax-relief'])
    await take(serviceId);
  await take('housing-subsidy', { privilege: 'veteran' });
  await take('foreign-passport', { purpose: 'result' });
  for (const clerk of [first, second]) await clerk.post('/api/queue/next');
}

async function bookOnPhone(browser: Browser, region: Region, take: OnScreen): Promise<void> {
  const { page } = await openPage(browser, `${region.operatorUrl}/appointments`, screens.phone);
  await page.getByRole('searchbox').fill('инн');
  await page.locator('.found button').first().click();
  await page.locator('.hours button').nth(2).click();
  await take('appointments', page);
  await page.getByRole('button', { name: /^Записаться на .+/ }).click();
  await page.locator('.code').waitFor();
  await take('appointments-booked', page);
}

/** Two invented weeks: the demonstration is too young to have any. */
function twoWeeks(): ForecastView {
  const score = (inside: number, told: number, wait: number): ForecastScore => ({
    ...{ told, inside, later: (1 - inside) * 0.85, withinP80: inside },
    ...{ meanErrorMinutes: wait * 0.3, meanWaitMinutes: wait },
  });
  const shares = [0.81, 0.79, 0.83, 0.77, 0.8, 0.72, 0.82, 0.84, 0.78, 0.8, 0.76, 0.83];
  return {
    today: '2026-11-20',
    days: shares.map((inside, ago) => ({
      day: `2026-11-${String(20 - ago).padStart(2, '0')}`,
      ...score(inside, 180 + ((ago * 37) % 60), 8.4 + ((ago * 5) % 7)),
    })),
    hours: shares.slice(0, 11).map((inside, index) => ({ hour: 9 + index, ...score(inside, 220, 9.5) })),
    aim: { from: 0.75, to: 0.85 },
    drifts: false,
    now: { ahead: 7, windows: 5, wait: { fromMinutes: 6, toMinutes: 15 } },
  };
}
