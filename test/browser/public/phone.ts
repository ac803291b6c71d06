import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TicketView } from '../../../protocol/api/tickets.ts';
import { screens } from '../chromium.ts';
import { branch, button, callUntil, clerk, hall, look, newTicket, open } from './setting.ts';

describe('a phone', () => {
  test('follows its ticket to the window and back into line after a missed call', async () => {
    const ticket = await newTicket();
    const page = await open(`/t/${ticket.id}?language=en`, screens.phone, { hasTouch: true, isMobile: true });
    await page.getByText(ticket.number).first().waitFor();
    await page.getByText(/You are (next|in the queue)/).waitFor();
    await look('phone-waiting', page);
    await callUntil(ticket);
    await page.getByText('Go to window').waitFor();
    await look('phone-called', page);
    await clerk.post(`/api/tickets/${ticket.id}/no-show`);
    await button(page, 'I am here, put me back').tap();
    await page.getByText(/You are (next|in the queue)/).waitFor();
    await callUntil(ticket);
    await clerk.post(`/api/tickets/${ticket.id}/came`);
    await clerk.post(`/api/tickets/${ticket.id}/finish`);
    await page.getByText('Rate your visit').waitFor();
    await look('phone-done', page);
  });

  test('gives a ticket up only after it has asked', async () => {
    const ticket = await newTicket();
    const page = await open(`/t/${ticket.id}`, screens.phone, { hasTouch: true, isMobile: true });
    await button(page, 'Отказаться от очереди').tap();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`Отказаться от талона ${ticket.number}?`).waitFor();
    await look('phone-ask', page);
    await dialog.getByRole('button', { name: 'Отмена' }).tap();
    assert.equal((await hall.get<TicketView>(`/api/tickets/${ticket.id}`)).state, 'waiting');
    await button(page, 'Отказаться от очереди').tap();
    await dialog.getByRole('button', { name: 'Отказаться от очереди' }).tap();
    await page.getByText('Талон отменён').waitFor();
    assert.equal((await hall.get<TicketView>(`/api/tickets/${ticket.id}`)).state, 'cancelled');
    await button(page, 'Татарча').tap();
    await page.getByText('Талон гамәлдән чыгарылды').waitFor();
  });
});

test('an address where there is nothing is told in words to people, and by its code to programs', async () => {
  const page = await open('/nothing', screens.phone);
  await page.getByText('Здесь ничего нет').waitFor();
  await button(page, 'English').click();
  await page.getByText('There is nothing here').waitFor();
  await look('phone-nothing', page);
  const told = await fetch(`${branch.url}/nothing`);
  assert.deepEqual(
    [told.status, ((await told.json()) as { code: string }).code],
    [404, 'internal.not-found'],
  );
  const ticket = await open('/t/nonsense', screens.phone);
  await ticket.getByText('queue.unknown-ticket').waitFor();
});
