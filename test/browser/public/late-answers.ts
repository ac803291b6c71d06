import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { QueueView } from '../../../protocol/api/queue.ts';
import { screens } from '../chromium.ts';
import { button, clearWindow, clerk, newTicket, open, region } from './setting.ts';

/** Keeps back what the server answers to the next such request until `release`; those after it go through. */
async function holdBack(page: Page, path: string, method = 'GET') {
  const [answered, released] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
  let isHeld = false;
  await page.route(
    url => url.pathname === path,
    async route => {
      if (isHeld || route.request().method() !== method) return await route.continue();
      isHeld = true;
      const response = await route.fetch();
      answered.resolve(response.status());
      await released.promise;
      await route.fulfill({ response });
    },
  );
  return { answered: answered.promise, release: released.resolve };
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
    await button(page, 'Вызвать следующего').press('Enter');
    await button(page, 'Заявитель подошёл').waitFor();
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
});
