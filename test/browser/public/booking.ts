import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { screens } from '../chromium.ts';
import { button, devices, look, open } from './setting.ts';

/** A person at a kiosk who would rather come at a time. */
async function wishForTime(screen: { width: number; height: number }): Promise<Page> {
  const page = await open('/kiosk', screen);
  await button(page, /Коснитесь экрана/).click();
  await button(page, /Пенсии/).click();
  await button(page, /Субсидия/)
    .first()
    .click();
  await button(page, 'Записаться на время').click();
  return page;
}

test('a kiosk books a time, shows its code, and knows it again when the code is scanned', async () => {
  const page = await wishForTime(screens.kiosk);
  await page.locator('.days button').last().click();
  await page.locator('.hours button').first().click();
  await look('kiosk-booking', page);
  await button(page, /^Записаться на .*, \d\d:\d\d$/).click();
  await page.getByText('Вы записаны').waitFor();
  await page.getByText('Заберите памятку').waitFor();
  await look('kiosk-booked', page);
  const code = ((await page.locator('.booked-code').textContent()) ?? '').replaceAll(' ', '');
  assert.match(code, /^\d{10}$/);
  const papers = await devices.get<{ qr: string[] }[]>('/tickets');
  assert.deepEqual(papers.at(-1)?.qr, [code]);
  await button(page, 'Готово').click();
  await button(page, /Коснитесь экрана/).click();
  await button(page, 'Я по записи').click();
  await page.getByLabel('Код записи, 10 цифр').waitFor();
  // As a scanner does: quickly, and with Enter at the end.
  await page.locator('h1').evaluate((heading, scanned) => {
    heading.focus();
    for (const key of [...scanned, 'Enter'])
      heading.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  }, code);
  await page.getByText(/Ещё рано: приходите/).waitFor();
  await look('kiosk-check-in', page);
});

test('F26 a booked time without paper stays on the screen with its code, and is printed when there is paper', async () => {
  await devices.post('/printer', { paper: 'out' });
  try {
    const page = await wishForTime(screens.kioskWide);
    await page.locator('.hours button').last().click();
    await button(page, /^Записаться на .*, \d\d:\d\d$/).click();
    await page.getByText('памятка могла не напечататься').waitFor();
    assert.equal(await page.locator('.qr').count(), 1);
    await look('kiosk-booked-no-paper', page);
    await devices.post('/printer', { paper: 'ok' });
    await button(page, 'Напечатать ещё раз').click();
    await page.getByText('Заберите памятку').waitFor();
    await look('kiosk-booked-wide', page);
  } finally {
    await devices.post('/printer', { paper: 'ok' });
  }
});
