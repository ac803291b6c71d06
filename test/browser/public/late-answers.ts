import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { QueueView } from '../../../protocol/api/queue.ts';
import { screens } from '../chromium.ts';
import { button, clearWindow, clerk, newTicket, open, region } from './setting.ts';

/** Keeps back what the server answers to the next such request until `release`, or `lose`; those after it go through. */
async function holdBack(page: Page, path: string, method = 'GET') {
  const [answered, released] = [Promise.withResolvers<number>(), Promise.withResolvers<'come' | 'lost'>()];
  let isHeld = false;
  await page.route(
    url => url.pathname === path,
    async route => {
      if (isHeld || route.request().method() !== method) return await route.continue();
      isHeld = true;
      const response = await route.fetch();
      answered.resolve(response.status());
      await ((await released.promise) === 'come'
        ? route.fulfill({ response })
        : route.fulfill({ body: 'a proxy’s page' }));
    },
  );
  const { resolve } = released;
  return { answered: answered.promise, release: () => resolve('come'), lose: () => resolve('lost') };
}

async function logIn(page: Page, login = 'clerk'): Promise<void> {
  await page.getByLabel('Имя для входа').fill(login);
  await page.getByLabel('Пароль').fill(region.secrets.password);
  await page.keyboard.press('Enter');
}

describe('a page whose answers are late', () => {
  test('is not thrown out by an answer to what it asked before somebody logged in', async () => {
    await clearWindow();
    const page = await open('/clerk', screens.clerk);
    await page.getByLabel('Имя для входа').waitFor();
    const early = await holdBack(page, '/api/queue');
    // Pages ask again at each change, also those where nobody is logged in yet.
    await newTicket();
    assert.equal(await early.answered, 401);
    await logIn(page);
    await button(page, 'Выйти').waitFor();
    // The page asks once more behind the refusal.
    const asked = page.waitForResponse(answer => answer.url().endsWith('/api/queue') && answer.ok());
    early.release();
    await asked;
    await button(page, 'Вызвать следующего').focus();
    const posted: string[] = [];
    page.on('request', request => request.method() === 'POST' && posted.push(request.url()));
    // A key that is held down.
    await page.keyboard.down('Enter');
    await button(page, 'Заявитель подошёл').waitFor();
    for (let times = 0; times < 3; times++) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await button(page, 'Повторить вызов').click();
    await page.getByText('2 вызова').waitFor();
    assert.equal(posted.length, 2);
    assert.equal(await page.getByRole('dialog').count(), 0);
    await clearWindow();
  });

  test('is not put back by the answer to a press that comes after newer news', async () => {
    await clearWindow();
    const ticket = await newTicket();
    const page = await open('/clerk', screens.clerk);
    await logIn(page);
    await button(page, 'Вызвать следующего').waitFor();
    const late = await holdBack(page, '/api/queue/next', 'POST');
    await page.keyboard.press('Enter');
    assert.equal(await late.answered, 200);
    await button(page, 'Заявитель подошёл').waitFor();
    const { mine } = await clerk.get<QueueView>('/api/queue');
    await clerk.post(`/api/tickets/${mine?.ticketId ?? ticket.id}/came`);
    await button(page, 'Открыть дело').waitFor();
    late.release();
    // Free for the next press, and about the person who sits there.
    await page.locator('.primary-action:not([aria-busy])').waitFor();
    await button(page, 'Открыть дело').waitFor();
    await clearWindow();
  });

  test('tells of a press that came while another act was under way, and opens nothing by itself for the next person', async () => {
    await clearWindow();
    await newTicket();
    await clerk.post('/api/queue/next');
    const page = await open('/clerk', screens.clerk);
    await logIn(page);
    const { mine } = await clerk.get<QueueView>('/api/queue');
    const path = `/api/tickets/${mine?.ticketId}`;
    const late = await holdBack(page, `${path}/came`, 'POST');
    await button(page, 'Заявитель подошёл').press('Enter');
    await late.answered;
    await button(page, 'Завершить').click();
    await page.getByText('page.busy').waitFor();
    late.release();
    await page.getByText('page.busy').waitFor({ state: 'detached' });

    await page.keyboard.press('Alt+KeyN');
    await page.getByRole('dialog').waitFor();
    await clerk.post(`${path}/finish`);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await newTicket();
    await button(page, 'Вызвать следующего').press('Enter');
    await button(page, 'Заявитель подошёл').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    await clearWindow();
  });

  test('gives its connection to the other tabs while nobody looks at it', async () => {
    const page = await open('/clerk', screens.clerk, { clock: true });
    await page.getByLabel('Имя для входа').waitFor();
    const isStream = (request: { url(): string }) => request.url().endsWith('/api/live');
    const beSeen = (state: string) =>
      page.evaluate(value => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    const left = page.waitForEvent('requestfailed', isStream);
    await beSeen('hidden');
    await page.clock.runFor(61_000);
    await left;
    const back = page.waitForRequest(isStream);
    await beSeen('visible');
    await back;
  });

  test('says since when a view is old that does not come any more, and fetches it again by itself', async () => {
    const page = await open('/board?sound=off', screens.board, { clock: true });
    await page.getByText('Образцовский').first().waitFor();
    await page.route('**/api/board', route => route.fulfill({ body: 'a proxy’s page' }));
    await newTicket();
    await page.getByText('Данные на').waitFor();
    await page.unroute('**/api/board');
    await page.clock.runFor(5_000);
    await page.getByText('Данные на').waitFor({ state: 'detached' });
  });

  test('one log-in holds for all tabs: none acts for somebody else than it shows', async () => {
    const page = await open('/clerk', screens.clerk);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByLabel('Имя для входа').waitFor();
    await logIn(page);
    await button(other, 'Выйти').waitFor();
    await button(other, 'Выйти').click();
    await other.getByLabel('Имя для входа').waitFor();
    await logIn(other, 'hall');
    for (const tab of [other, page]) await tab.getByText('не для вашей роли').waitFor();
  });
});

describe('a kiosk under hasty hands', () => {
  test('a double touch goes one screen on; a dialog that somebody left goes with them', async () => {
    const page = await open('/kiosk', screens.kiosk, { clock: true });
    await button(page, /Коснитесь экрана/).click();
    const tile = await page.locator('.tile').first().boundingBox();
    assert.ok(tile);
    await button(page, 'Назад').click();
    await button(page, /Коснитесь экрана/).waitFor();
    await page.mouse.dblclick(tile.x + tile.width / 2, tile.y + tile.height / 2);
    await button(page, 'Моё дело').waitFor();
    await page.locator('.kiosk-bar').getByRole('button', { name: 'Помощь' }).click();
    await page.clock.runFor(61_000);
    await button(page, /Коснитесь экрана/).waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    await page.locator('.kiosk-bar').getByRole('button', { name: 'Помощь' }).click();
    await page.getByRole('dialog').waitFor();
    await page.clock.runFor(61_000);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('a booking whose answer was lost is pressed again under the same id, at its own time', async () => {
    const page = await open('/kiosk', screens.kiosk);
    await button(page, /Коснитесь экрана/).click();
    await button(page, /Налоги/).click();
    await page.locator('.row').first().click();
    await button(page, 'Записаться на время').click();
    await page.locator('.hours button').nth(1).click();
    const late = await holdBack(page, '/api/appointments', 'POST');
    const ids: unknown[] = [];
    page.on('request', request => {
      if (request.url().endsWith('/api/appointments')) ids.push(request.postDataJSON().requestId);
    });
    await button(page, /^Записаться на .+,/).click();
    await late.answered;
    late.lose();
    await page.getByText('page.bad-answer').waitFor();
    await button(page, /^Записаться на .+,/).click();
    await page.locator('.booked-code').waitFor();
    assert.equal(new Set(ids).size, 1);
    assert.equal(ids.length, 2);
  });
});
