import type { Browser, Page } from 'playwright-core';
import type { QueueView } from '../../protocol/api/queue.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { httpClient } from '../../provisioning/demonstration/box-client.ts';
import type { RegionBranch } from '../../provisioning/demonstration/region.ts';
import type { OnScreen } from './browser-visit.ts';
import { openPage, screens } from './chromium.ts';

/** Kiosk, board and phone at moments that a visit does not come to, for `npm run pictures`. */
export async function showPublicPages(
  browser: Browser,
  branch: RegionBranch,
  password: string,
  take: OnScreen,
): Promise<void> {
  await showKiosk(browser, branch, take);
  const hall = httpClient(branch.url);
  const clerk = httpClient(branch.url);
  await clerk.post('/api/login', { login: 'clerk2', password });
  const wish = { requestId: crypto.randomUUID(), serviceId: 'foreign-passport' };
  const ticket = await hall.post<TicketView>('/api/tickets', wish);
  const { page: phone } = await openPage(browser, `${branch.url}/t/${ticket.id}`, screens.phone);
  const called = await clerk.post<QueueView>('/api/queue/next');
  const window = called.mine && (await hall.get<TicketView>(`/api/tickets/${called.mine.ticketId}`)).window;
  const { page: plate } = await openPage(browser, `${branch.url}/board?window=${window ?? '2'}`, {
    width: 1280,
    height: 720,
  });
  await plate.locator('.plate-number').waitFor();
  await take('board-plate', plate);
  await phone.getByText(ticket.number).first().waitFor();
  await phone.getByRole('button', { name: 'Отказаться от очереди' }).click();
  await take('ticket-cancel', phone);
  await phone.getByRole('button', { name: 'Отмена' }).click();
  if (called.mine) {
    await clerk.post(`/api/tickets/${called.mine.ticketId}/came`);
    await clerk.post(`/api/tickets/${called.mine.ticketId}/finish`);
    const done = await openPage(browser, `${branch.url}/t/${called.mine.ticketId}`, screens.phone);
    await done.page.getByText('Оцените приём').waitFor();
    await take('ticket-rating', done.page);
  }
}

async function showKiosk(browser: Browser, branch: RegionBranch, take: OnScreen): Promise<void> {
  const { page } = await openPage(browser, `${branch.url}/kiosk`, screens.kiosk);
  // The mouse must not rest on what comes next: fingers do not.
  const pressOn = async (on: Page, name: string | RegExp) => {
    await on.getByRole('button', { name }).first().click();
    await on.mouse.move(2, 2);
  };
  const press = (name: string | RegExp) => pressOn(page, name);
  await press(/Коснитесь экрана/);
  await press('Моё дело');
  await take('kiosk-case', page);
  await press('Назад');
  await press('Оценить приём');
  await page.getByRole('button', { name: '5 баллов' }).first().click();
  await take('kiosk-rating', page);
  await press('Назад');
  await press('Я по записи');
  await take('kiosk-appointment', page);
  await press('Назад');
  await press('Найти по названию');
  await page.locator('[data-first]:focus').waitFor();
  await page.keyboard.type('загран');
  await take('kiosk-search', page);
  await press(/заграничного паспорта нового/);
  await press('Ещё услуга');
  await press(/Пенсии и социальная помощь/);
  await press(/Субсидия/);
  await take('kiosk-two-services', page);
  await press('Язык');
  await take('kiosk-languages', page);
  await press('Татарча');
  for (const aid of ['Эрерәк', 'Контраст', 'Түбәнрәк']) await press(aid);
  await take('kiosk-aids', page);

  const wide = await openPage(browser, `${branch.url}/kiosk`, screens.kioskWide);
  const pressWide = (name: string | RegExp) => pressOn(wide.page, name);
  await pressWide(/Коснитесь экрана/);
  await pressWide(/Пенсии и социальная помощь/);
  await pressWide(/Субсидия/);
  await wide.page.getByRole('button', { name: 'Взять талон' }).waitFor();
  await take('kiosk-wide-service', wide.page);
  await pressWide('Записаться на время');
  await wide.page.locator('.hours button').nth(2).click();
  await take('kiosk-wide-booking', wide.page);
  await pressWide(/^Записаться на .*, \d\d:\d\d$/);
  await wide.page.getByText('Заберите памятку').waitFor();
  await take('kiosk-wide-booked', wide.page);
  await pressWide('Готово');
  await pressWide(/Коснитесь экрана/);
  await pressWide('Оценить приём');
  await take('kiosk-wide-rating', wide.page);
}
