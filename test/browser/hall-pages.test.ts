import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { AppointmentsView, AppointmentView } from '../../protocol/api/appointments.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { type HttpClient, httpClient, waitFor } from '../../provisioning/demonstration/box-client.ts';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { type Region, type RegionBranch, startRegion } from '../../provisioning/demonstration/region.ts';
import { seriousFindings } from './accessibility.ts';
import { launchChromium, screens, type Watched, watchPage } from './chromium.ts';

let dir: string;
let region: Region;
let branch: RegionBranch;
let browser: Browser;
let kiosk: HttpClient;
const watched: Watched[] = [];

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-hall-pages-'));
  const basePort = await someFreeBase(1);
  region = await startRegion({ dir, basePort, branches: 1, agencyStepMs: 300 });
  branch = region.branches[0] as RegionBranch;
  kiosk = httpClient(branch.url);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await region?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function open(url: string, viewport: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({ viewport, locale: 'ru-RU' });
  const page = await context.newPage();
  watched.push(watchPage(page, url));
  await page.goto(url);
  return page;
}

/** By keyboard alone. */
async function logIn(page: Page, login: string): Promise<void> {
  await page.getByLabel('Имя для входа').fill(login);
  await page.keyboard.press('Tab');
  await page.keyboard.type(region.secrets.password);
  await page.keyboard.press('Enter');
}

const button = (page: Page, name: string | RegExp, { exact = false } = {}) =>
  page.getByRole('button', { name, exact });
const ticket = (serviceId: string, more: object = {}) =>
  kiosk.post<TicketView>('/api/tickets', { requestId: crypto.randomUUID(), serviceId, ...more });
const sound = async (...pages: Page[]) => {
  for (const page of pages) assert.deepEqual(await seriousFindings(page), []);
};

test('KEM-5 KEM-12 a clerk and the hall’s administrator run the queue from their pages', async () => {
  const numbers: string[] = [];
  for (const serviceId of ['housing-subsidy', 'passport-issue', 'inn-certificate'])
    numbers.push((await ticket(serviceId)).number);
  const [first = '', second = '', third = ''] = numbers;
  const clerk = await open(`${branch.url}/clerk`, screens.clerk);
  await logIn(clerk, 'clerk');
  const hall = await open(`${branch.url}/hall`, screens.clerk);
  await logIn(hall, 'hall');

  // Called and received with Enter, then put aside: the window is free, the person comes back by itself.
  await clerk.getByText(first).first().waitFor();
  await button(clerk, /Вызвать следующего/).press('Enter');
  await button(clerk, /подошёл/i).press('Enter');
  await clerk.keyboard.press('Alt+KeyN');
  await clerk.getByText('Окно освободится').waitFor();
  await sound(clerk, hall);
  await button(clerk, 'Отложить').click();
  const aside = clerk.locator('.panel.aside');
  await aside.getByText(first).waitFor();

  // Out of turn only with a reason; afterwards it can be told why.
  await button(clerk, `Талон ${third}`).click();
  await button(clerk, 'Вызвать вне очереди').click();
  await button(clerk, `Талон ${second}`).click();
  await button(clerk, `Почему ${third} раньше?`).click();
  await clerk.locator('.hall-acts .notice').waitFor();
  await clerk.keyboard.press('Escape');

  // The administrator sees it, and writes to the window.
  await hall.locator('.window-card').first().getByText(third).waitFor();
  await button(hall, 'Сообщение специалистам').click();
  await hall.getByLabel(/Текст/).fill('Откройте, пожалуйста, второе окно');
  await button(hall, 'Отправить').click();
  await clerk.getByText('Откройте, пожалуйста, второе окно').waitFor();
  await button(clerk, 'Понятно').click();

  // A privilege puts a person first, and the change is in the journal.
  await button(hall, `Изменить талон ${second}`).click();
  await hall.locator('.ticket-dialog select').nth(2).selectOption({ label: 'Ветеран войны' });
  await button(hall, 'Сохранить').click();
  await hall.locator('.lines').getByText('Ветеран войны').waitFor();

  // A service that is closed is not given; announcements are on the board.
  await hall.getByRole('tab', { name: 'Услуги' }).click();
  await button(hall, /^Закрыть: Субсидия/).click();
  await button(hall, /^Открыть: Субсидия/).waitFor();
  await assert.rejects(ticket('housing-subsidy'));
  await sound(hall);
  await hall.getByRole('tab', { name: 'Объявления' }).click();
  await hall.getByLabel('По-русски').fill('Окно 2 работает до 19:00');
  await button(hall, 'Показать на табло').click();
  await hall.locator('.announcements').getByText('Окно 2 работает до 19:00').waitFor();
  const shown = await kiosk.get<{ announcements: { announcement: { ru: string } }[] }>('/api/hall');
  assert.deepEqual(
    shown.announcements.map(({ announcement }) => announcement.ru),
    ['Окно 2 работает до 19:00'],
  );
  for (const name of ['Специалисты', 'По записи', 'Итоги дня']) {
    await hall.getByRole('tab', { name }).click();
    await sound(hall);
  }

  // A break, and the end of the day.
  await button(clerk, /подошёл/i).press('Enter');
  await button(clerk, /^Завершить/)
    .first()
    .click();
  await button(clerk, /Окно…/).click();
  await button(clerk, 'Перерыв').click();
  await clerk.getByText(/перерыв до/).waitFor();
  await hall.locator('.window-card').first().getByText('перерыв').waitFor();
  await button(hall, 'Закрыть день').click();
  await hall.getByRole('dialog').getByRole('button', { name: 'Закрыть день' }).click();
  await hall.getByText('День закрыт').waitFor();
  await assert.rejects(ticket('inn-certificate'));
  await button(hall, 'Открыть день').click();
  await hall.getByText('День открыт').waitFor();
  assert.deepEqual(
    watched.splice(0).flatMap(({ troubles }) => troubles),
    [],
  );
});

test('KEM-5 a person books, moves and cancels on a phone, and the branch hears of it', async () => {
  const phone = await open(`${region.operatorUrl}/appointments`, screens.phone);
  await phone.getByRole('searchbox').fill('инн');
  await phone.locator('.found button').first().click();
  // The first day may be today, with few hours left.
  await phone.locator('.days button').last().click();
  await phone.locator('.hours button').first().waitFor();
  await sound(phone);
  await phone.locator('.hours button').nth(2).click();
  await button(phone, /^Записаться на .+/).click();
  const code = ((await phone.locator('.code').textContent()) ?? '').replaceAll(/\D/g, '');
  assert.match(code, /^\d{10}$/);
  await sound(phone);
  await button(phone, 'Перенести').click();
  await phone.locator('.hours button').nth(4).click();
  await button(phone, /^Перенести на/).click();
  await button(phone, 'Перенести', { exact: true }).waitFor();
  const { day, at } = await httpClient(region.operatorUrl).get<AppointmentView>(
    `/api/public/appointments/${code}`,
  );
  assert.equal((await phone.locator('.when').textContent())?.slice(-5), at);
  // As a clerk: whoever asks for a code that is not there yet is soon taken for somebody who guesses.
  const desk = httpClient(branch.url);
  await desk.post('/api/login', { login: 'clerk', password: region.secrets.password });
  await waitFor('the branch to hear of it', async () => {
    const { appointments } = await desk.get<AppointmentsView>(`/api/appointments?day=${day}`);
    return appointments.some(each => each.code === code && each.at === at);
  });
  await button(phone, 'Отменить запись').click();
  await phone.getByRole('dialog').getByRole('button', { name: 'Отменить запись' }).click();
  await phone.getByText('Запись отменена').waitFor();
  assert.deepEqual(
    watched.splice(0).flatMap(({ troubles }) => troubles),
    [],
  );
});
