import { deepEqual as equal } from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { httpClient, waitFor } from '../../provisioning/demonstration/box-client.ts';
import type { Region, RegionBranch } from '../../provisioning/demonstration/region.ts';
import { openPage, screens, type Watched } from './chromium.ts';

/** Called on every screen of the visit, when it stands still. */
export type OnScreen = (name: string, page: Page) => Promise<void>;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** A citizen takes a ticket at the kiosk, by touch. Returns the number. */
export async function takeTicket(
  browser: Browser,
  branch: RegionBranch,
  onScreen: OnScreen,
  watched: Watched[],
): Promise<string> {
  const kiosk = await openPage(browser, `${branch.url}/kiosk`, screens.kiosk);
  watched.push(kiosk);
  const { page } = kiosk;
  await button(page, /Коснитесь экрана/).waitFor();
  await onScreen('kiosk-start', page);
  await button(page, /Коснитесь экрана/).click();
  await button(page, /Пенсии и социальная помощь/).waitFor();
  await onScreen('kiosk-services', page);
  await button(page, /Пенсии и социальная помощь/).click();
  await button(page, /Субсидия/)
    .first()
    .waitFor();
  await onScreen('kiosk-list', page);
  await button(page, /Субсидия/)
    .first()
    .click();
  await button(page, 'Взять талон').waitFor();
  await onScreen('kiosk-service', page);
  await button(page, 'Взять талон').click();
  await page.getByText('Заберите талон').waitFor();
  await onScreen('kiosk-done', page);
  const text = await page.locator('body').textContent();
  const number = /[А-ЯЁ]\d{2,3}\b/.exec(text ?? '')?.[0];
  if (!number) throw new Error('no number on the kiosk');
  return number;
}

/** The clerk's whole work on one case, with the keyboard wherever there is a next right thing. */
export async function serveAtWindow(
  browser: Browser,
  region: Region,
  branch: RegionBranch,
  number: string,
  onScreen: OnScreen,
  watched: Watched[],
): Promise<void> {
  const { password, pin } = region.secrets;
  const devices = httpClient(branch.panelUrl);
  const clerk = await openPage(browser, `${branch.url}/clerk`, screens.clerk);
  watched.push(clerk);
  const { page } = clerk;
  await page.getByLabel('Имя для входа').fill('clerk');
  await page.getByLabel('Пароль').fill(password);
  await page.keyboard.press('Enter');
  await button(page, 'Вызвать следующего').waitFor();
  await onScreen('clerk-queue', page);
  await page.keyboard.press('Enter');
  await button(page, 'Заявитель подошёл').waitFor();

  const board = await openPage(browser, `${branch.url}/board`, screens.board);
  watched.push(board);
  await board.page.getByText(number).first().waitFor();
  await onScreen('board', board.page);
  await board.page.close();

  await button(page, 'Заявитель подошёл').click();
  await button(page, 'Открыть дело').click();
  await devices.post('/glass', { page: 'application-1' });
  await button(page, /Сканировать: Заявление/)
    .first()
    .waitFor();
  await onScreen('clerk-case', page);
  for (const [index, sheet] of ['application-1', 'snils-card-1'].entries()) {
    await devices.post('/glass', { page: sheet });
    await button(page, 'Сканировать стопку').click();
    await page.locator('.thumbnails li').nth(index).waitFor();
  }
  await sortPile(page, onScreen);

  await devices.post('/mfp', { page: 'certificate-1' });
  await devices.post('/mfp', { page: 'broken' });
  await button(page, /Взять из папки: .*правк/i).click();
  const dialog = page.locator('dialog');
  await dialog.getByText('certificate-1').first().waitFor();
  await dialog.getByText('Не удалось принять').waitFor();
  await dialog.getByText('certificate-1').first().click();
  await onScreen('clerk-incoming', page);
  await dialog.getByRole('button', { name: /Взять 1 файл/ }).click();
  await dialog.waitFor({ state: 'detached' });

  const primary = button(page, /^(Проверить: .*|Подтвердить (поля|документ)|Подписать)$/).first();
  for (let seen = 0; ; seen++) {
    await primary.waitFor({ timeout: 60_000 });
    const name = ((await primary.textContent()) ?? '').trim();
    if (name.startsWith('Подписать')) break;
    if (seen === 0) await onScreen('clerk-documents', page);
    await primary.click();
    await page.waitForTimeout(150);
    if (seen > 20) throw new Error('the fields never end');
  }
  await (await searchFor('субсидия', page)).click();
  await page.locator('.page-sheet .found').first().waitFor();
  await onScreen('clerk-found', page);
  // Typed before the token is found, with Enter: nothing of it is lost, half a PIN would cost a try.
  const found = Promise.withResolvers<void>();
  await page.route('**/api/token', async route => {
    await found.promise;
    await route.continue();
  });
  await primary.click();
  const pinField = page.getByLabel('PIN-код');
  await pinField.waitFor();
  await page.keyboard.type('000');
  await page.keyboard.press('Enter');
  found.resolve();
  await page.getByText('Осталось попыток: 2').first().waitFor();
  await onScreen('clerk-wrong-pin', page);
  await pinField.fill(pin);
  await page.keyboard.press('Enter');
  await button(page, 'Отправить').first().waitFor();
  await button(page, 'Отправить').first().click();
  await page.getByText('После отправки изменить нельзя').waitFor();
  await onScreen('clerk-send', page);
  await page.locator('dialog').getByRole('button', { name: 'Отправить' }).click();
  await page.getByText(/центр подтвердил хранение/).waitFor({ timeout: 30_000 });

  await button(page, 'Сделать и напечатать копию').waitFor({ timeout: 60_000 });
  await onScreen('clerk-result', page);
  await button(page, 'Сделать и напечатать копию').click();
  await button(page, 'Выдать результат').click({ timeout: 30_000 });
  await page.locator('dialog').getByRole('button', { name: 'Выдать результат' }).click();
  await page.getByText('выдано').first().waitFor();
  await button(page, 'Завершить приём').first().click();
  await page.getByText('Окно свободно').waitFor();
  await onScreen('clerk-finished', page);
}

/** The pile is proposed as documents; the clerk changes it by keyboard, and takes every change back. */
async function sortPile(page: Page, onScreen: OnScreen): Promise<void> {
  await button(page, 'Разобрать стопку').click({ timeout: 60_000 });
  const dialog = page.locator('dialog');
  const rows = dialog.locator('.sort-row');
  const shown = () =>
    rows.evaluateAll(all =>
      all.map(row => [row.querySelector('select')?.value, row.querySelectorAll('.sort-page').length]),
    );
  await rows.first().waitFor();
  const proposed = await shown();
  equal(proposed, [
    ['application', 1],
    ['snils', 1],
  ]);
  for (const [key, then] of [
    ['Shift+ArrowRight', [['snils', 2]]],
    [
      'Delete',
      [
        ['snils', 1],
        ['removed', 1],
      ],
    ],
    [
      'KeyR',
      [
        ['snils', 1],
        ['removed', 1],
      ],
    ],
  ] as const) {
    await page.keyboard.press(key);
    equal(await shown(), then);
  }
  equal(await rows.first().locator('img').first().getAttribute('style'), 'transform: rotate(90deg);');
  await onScreen('clerk-sort', page);
  for (let step = 0; step < 3; step++) await page.keyboard.press('Control+KeyZ');
  equal(await shown(), proposed);
  await dialog.getByRole('button', { name: 'Разложить так' }).click();
  await dialog.waitFor({ state: 'detached' });
}

/**
 * What was read is found in another form of the word. Papers are found some time after they were read or came,
 * and the page searches when something is typed.
 */
async function searchFor(query: string, page: Page): Promise<Locator> {
  const hit = page.locator('.search-results button').first();
  const answer = page.locator('.search-results').locator('button, .search-none, .notice');
  await waitFor('a hit', async () => {
    await page.keyboard.press('Control+KeyK');
    await page.getByRole('searchbox').fill('');
    await page.keyboard.type(query);
    await answer.first().waitFor();
    return await hit.locator('mark').first().isVisible();
  });
  return hit;
}

/** The operator finds the case of the visit and reads its history. */
export async function watchRegion(
  browser: Browser,
  region: Region,
  onScreen: OnScreen,
  watched: Watched[],
): Promise<void> {
  const operator = await openPage(browser, `${region.operatorUrl}/operator`, screens.operator);
  watched.push(operator);
  const { page } = operator;
  await page.getByLabel('Имя для входа').fill('operator');
  await page.getByLabel('Пароль').fill(region.secrets.password);
  await page.keyboard.press('Enter');
  await page
    .getByText(/ПР-041-\d{4}-000001/)
    .first()
    .waitFor();
  await onScreen('operator', page);
  await searchFor('субсидия', page);
  await onScreen('operator-found', page);
  await page.keyboard.press('Escape');
  await page
    .getByText(/ПР-041-\d{4}-000001/)
    .first()
    .click();
  await page
    .getByText(/РЕГ-\d{4}-000001/)
    .first()
    .waitFor();
  await onScreen('operator-case', page);
}

/** The phone in the hall, by the address behind the ticket's QR code. */
export async function followOnPhone(
  browser: Browser,
  branch: RegionBranch,
  number: string,
  onScreen: OnScreen,
  watched: Watched[],
): Promise<void> {
  const devices = httpClient(branch.panelUrl);
  const url = await waitFor('printed ticket', async () => {
    const tickets = await devices.get<{ qr: string[] }[]>('/tickets');
    return tickets.at(-1)?.qr[0];
  });
  const phone = await openPage(browser, url, screens.phone);
  watched.push(phone);
  await phone.page.getByText(number).first().waitFor();
  await onScreen('ticket', phone.page);
}
