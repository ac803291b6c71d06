import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CaseView } from '../../../protocol/api/cases.ts';
import { screens } from '../chromium.ts';
import { button, callUntil, clearWindow, clerk, devices, look, newTicket, open, text } from './setting.ts';

describe('a kiosk', () => {
  test('KEM-5 KEM-6 gives a ticket by touch, in Tatar and large print, found by a word in the wrong layout', async () => {
    const page = await open('/kiosk', screens.kioskWide, { hasTouch: true });
    await button(page, /Коснитесь экрана/).waitFor();
    await look('kiosk-attract', page);
    await button(page, 'Татарча').tap();
    await button(page, 'Исеме буенча табарга').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'tt');
    for (const aid of ['Эрерәк', 'Контраст', 'Түбәнрәк']) await button(page, aid).tap();
    await look('kiosk-categories-aided', page);
    await button(page, 'Исеме буенча табарга').tap();
    await page.locator('[data-first]:focus').waitFor();
    // A keyboard that stands in the Latin layout.
    await page.keyboard.type('pfuhfy');
    await button(page, /заграничного паспорта нового/).waitFor();
    await look('kiosk-search-aided', page);
    await button(page, /заграничного паспорта нового/).tap();
    await look('kiosk-service-aided', page);
    await button(page, 'Вакытка язылу').tap();
    await page.locator('.hours button').first().waitFor();
    await look('kiosk-booking-aided', page);
    await button(page, 'Артка').tap();
    await button(page, 'Талон алырга').tap();
    await page.getByText('Талонны алыгыз').waitFor();
    await button(page, 'Тагын вакыт').tap();
    await look('kiosk-done-aided', page);
    const number = /[А-ЯЁ]\d{2,3}/.exec(await text(page))?.[0];
    assert.ok(number);
    await button(page, 'Әзер').tap();
    // The next person finds nothing of this one.
    await button(page, /Коснитесь экрана/).waitFor();
    const root = page.locator('html');
    assert.deepEqual(
      [
        await root.getAttribute('lang'),
        await root.getAttribute('data-print'),
        await root.getAttribute('data-reach'),
      ],
      ['ru', 'normal', 'normal'],
    );
    assert.doesNotMatch(await text(page), new RegExp(number));
  });

  test('gives a ticket in English to somebody with a keyboard only', async () => {
    const page = await open('/kiosk', screens.kiosk);
    const pressOn = async (name: string | RegExp) => {
      const wanted = button(page, name);
      await wanted.first().waitFor();
      for (let step = 0; step < 60; step++) {
        await page.keyboard.press('Tab');
        if (await wanted.first().evaluate(node => node === document.activeElement)) break;
      }
      await page.keyboard.press('Enter');
    };
    await pressOn('English');
    await pressOn(/Property/);
    await pressOn(/State register extract|Rosreestr/);
    await button(page, 'Take a ticket').waitFor();
    await look('kiosk-service', page);
    await pressOn('Take a ticket');
    await page.getByText('Take your ticket').waitFor();
    await pressOn('More time');
    await look('kiosk-done', page);
    const qr = await page.locator('.qr').count();
    assert.equal(qr, 1);
  });

  test('F26 without paper shows number and code on the screen and goes on', async () => {
    await devices.post('/printer', { paper: 'out' });
    try {
      const page = await open('/kiosk', screens.kiosk);
      await button(page, /Коснитесь экрана/).click();
      await button(page, /Налоги/).click();
      await page.locator('.row').first().click();
      await button(page, 'Взять талон').click();
      await button(page, 'Я запомнил номер').waitFor();
      await look('kiosk-no-paper', page);
      await button(page, 'Я запомнил номер').click();
      await page.getByText('Номер действует').waitFor();
    } finally {
      await devices.post('/printer', { paper: 'ok' });
    }
  });

  test('lets nobody out: keys, menus, wheel, drag, long press, history, new windows', async () => {
    const page = await open('/kiosk', screens.kiosk, { hasTouch: true });
    await button(page, /Коснитесь экрана/).click();
    await button(page, 'Найти по названию').click();
    const before = page.url();
    const opened: string[] = [];
    page.context().on('page', other => opened.push(other.url()));
    page.on('domcontentloaded', loaded => opened.push(loaded.url()));
    // Whatever the page does not refuse itself reaches this listener unrefused.
    await page.evaluate(() => {
      const passed: string[] = [];
      Object.assign(window, { passed });
      for (const name of ['keydown', 'contextmenu', 'dragstart', 'drop', 'paste', 'copy', 'selectstart'])
        addEventListener(name, event => {
          const isShift = 'key' in event && event.key === 'Shift';
          if (!event.defaultPrevented && !isShift) passed.push(`${name} ${'key' in event ? event.key : ''}`);
        });
    });
    const held = ['Alt', 'Control', 'Meta'];
    for (const key of ['F1', 'F3', 'F5', 'F6', 'F7', 'F11', 'F12', 'ContextMenu'])
      await page.keyboard.press(key);
    for (const hold of held)
      for (const key of [
        'ArrowLeft',
        'ArrowRight',
        'Home',
        'r',
        'p',
        's',
        'f',
        'l',
        'u',
        'j',
        'o',
        '+',
        '-',
        '0',
      ])
        await page.keyboard.press(`${hold}+${key}`);
    await page.keyboard.press('Control+Shift+I');
    await page.keyboard.press('Shift+F10');
    const key = button(page, 'й');
    await key.click({ button: 'right' });
    await page.locator('h1').click({ button: 'right' });
    await page.getByRole('searchbox').click({ button: 'right' });
    await page.getByRole('searchbox').dblclick();
    // A long press of a finger.
    const place = await key.boundingBox();
    const touch = await page.context().newCDPSession(page);
    const point = { x: (place?.x ?? 0) + 20, y: (place?.y ?? 0) + 20 };
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
    await page.waitForTimeout(900);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -500);
    await page.keyboard.up('Control');
    await page.evaluate(() => history.back());
    await page.evaluate(() => history.back());
    const passed = await page.evaluate(() => (window as unknown as { passed: string[] }).passed);
    assert.deepEqual(
      passed.filter(name => !name.startsWith('selectstart')),
      [],
    );
    const sizes = await page.evaluate(() => [visualViewport?.scale, window.devicePixelRatio]);
    assert.deepEqual([page.url(), opened, sizes], [before, [], [1, 1]]);
    await button(page, 'Назад').click();
    await button(page, 'Моё дело').waitFor();
  });

  test('what a barcode scanner types presses nothing and ends in no field of another kind', async () => {
    const page = await open('/kiosk', screens.kiosk);
    const code = 'http code 0001';
    // All at once, since how fast this machine types is not ours; what is refused presses no button.
    const passed = await button(page, /Коснитесь экрана/).evaluate(
      (target, text) =>
        [...text, 'Enter'].map(key =>
          target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })),
        ),
      code,
    );
    assert.deepEqual(passed, [...[...code].map(letter => letter !== ' '), false]);
    assert.equal(await button(page, /Коснитесь экрана/).count(), 1);
  });

  test('WCAG 2.2.1 warns before it forgets a person, gives more time as often as wanted, and then clears the fields', async () => {
    const page = await open('/kiosk', screens.kiosk, { clock: true });
    await button(page, /Коснитесь экрана/).click();
    await button(page, 'Моё дело').click();
    await page.getByLabel('Последние 6 цифр номера дела').fill('123');
    for (let more = 0; more < 2; more++) {
      await page.clock.runFor(42_000);
      await page.getByRole('alertdialog').waitFor();
      if (more === 0) await look('kiosk-idle', page);
      await button(page, 'Я здесь, продолжить').click();
      await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    }
    assert.equal(await page.getByLabel('Последние 6 цифр номера дела').inputValue(), '123');
    await page.clock.runFor(61_000);
    await button(page, /Коснитесь экрана/).click();
    await button(page, 'Моё дело').click();
    assert.equal(await page.getByLabel('Последние 6 цифр номера дела').inputValue(), '');
  });

  test('reads its screens aloud with the voice of the box', async () => {
    const page = await open('/kiosk', screens.kiosk);
    const said = (id: string) =>
      page.waitForRequest(request => request.url().includes(encodeURIComponent(id)));
    await button(page, 'Вслух').waitFor();
    const first = said('screen.attract');
    await button(page, 'Вслух').click();
    const answer = await (await first).response();
    assert.equal(answer?.headers()['content-type'], 'audio/wav');
    const second = said('screen.categories');
    await button(page, /Коснитесь экрана/).click();
    await second;
    const third = said('category.social');
    await button(page, /Пенсии/).focus();
    await third;
  });

  test('KEM-14 tells how a case goes to whoever has its number and code; the phone of the visit knows both', async () => {
    const ticket = await newTicket('passport-issue');
    await callUntil(ticket);
    await clerk.post(`/api/tickets/${ticket.id}/came`);
    const view = await clerk.post<CaseView>('/api/cases', {
      ticketId: ticket.id,
      serviceId: 'passport-issue',
    });
    const page = await open('/kiosk', screens.kioskWide);
    await button(page, /Коснитесь экрана/).click();
    await button(page, 'Моё дело').click();
    const type = async (digits: string) => {
      for (const digit of digits)
        await page.getByRole('group').getByRole('button', { name: digit, exact: true }).click();
    };
    await type(view.number.slice(-6));
    await type(view.checkCode === '000000' ? '000001' : '000000');
    await button(page, 'Показать').click();
    await page.getByText('не подходят друг к другу').waitFor();
    await look('kiosk-case', page);
    await type(view.checkCode);
    await button(page, 'Показать').click();
    await page.getByText('Документы принимаются').waitFor();
    await look('kiosk-case-found', page);

    const phone = await open(`/t/${ticket.id}`, screens.phone);
    await phone.getByText(view.checkCode).waitFor();
    await look('phone-case', phone);
    await clearWindow();
  });

  test('KEM-16 takes a rating without a name and calls the hall administrator', async () => {
    const page = await open('/kiosk?place=entrance', screens.kiosk);
    await button(page, /Коснитесь экрана/).click();
    await button(page, 'Оценить приём').click();
    await button(page, '5 баллов').first().click();
    await look('kiosk-rating', page);
    const rated = page.waitForResponse(answer => answer.url().endsWith('/api/ratings'));
    await button(page, 'Отправить оценку').click();
    assert.equal((await rated).status(), 200);
    await page.getByText('Спасибо!').waitFor();
    await button(page, 'Помощь').click();
    const called = page.waitForRequest(request => request.url().endsWith('/api/administrator-calls'));
    await look('kiosk-help', page);
    await button(page, 'Позвать').click();
    assert.equal((await called).postDataJSON().place, 'entrance');
    await page.getByText('Администратор знает').waitFor();
  });
});
