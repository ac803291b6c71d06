import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { QueueView, TicketView } from '../../protocol/api/tickets.ts';
import { type HttpClient, httpClient } from '../../provisioning/demonstration/box-client.ts';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { type Region, type RegionBranch, startRegion } from '../../provisioning/demonstration/region.ts';
import { seriousFindings, smallTargets } from './accessibility.ts';
import { launchChromium, screens, type Watched, watchPage } from './chromium.ts';
import { recordFilm } from './small-film.ts';

let dir: string;
let mediaDir: string;
let region: Region;
let branch: RegionBranch;
let browser: Browser;
let hall: HttpClient;
let clerk: HttpClient;
let devices: HttpClient;
const watched: Watched[] = [];
const findings: string[] = [];

/** One box and one browser for all; each test takes tickets of its own. */
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-public-'));
  const basePort = await someFreeBase(1);
  mediaDir = join(dir, 'media');
  await cp(new URL('../../provisioning/demonstration/media', import.meta.url), mediaDir, { recursive: true });
  const one = { basePort, branches: 1, agencyStepMs: 300, withoutCentre: true };
  region = await startRegion({ dir, mediaDir, ...one });
  branch = region.branches[0] as RegionBranch;
  [hall, clerk, devices] = [httpClient(branch.url), httpClient(branch.url), httpClient(branch.panelUrl)];
  await clerk.post('/api/login', { login: 'clerk', password: region.secrets.password });
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await region?.stop();
  await rm(dir, { recursive: true, force: true });
});
afterEach(async () => {
  const troubles = watched.splice(0).flatMap(each => each.troubles);
  const found = findings.splice(0);
  for (const context of browser.contexts()) await context.close();
  assert.deepEqual([...found, ...troubles], []);
});

interface Wish extends BrowserContextOptions {
  /** Time stands still and is moved by the test. */
  clock?: boolean;
}

async function open(
  path: string,
  viewport: { width: number; height: number },
  wish: Wish = {},
): Promise<Page> {
  const { clock, ...options } = wish;
  const context = await browser.newContext({ viewport, locale: 'ru-RU', ...options });
  const page = await context.newPage();
  if (clock) await page.clock.install();
  watched.push(watchPage(page, branch.url));
  await page.goto(branch.url + path);
  return page;
}

/** 15 mm on the kiosks' screens: 27 inches with 1080 × 1920, 19 inches with 1280 × 1024. */
const targetPixels = Math.ceil(15 * (Math.hypot(1280, 1024) / (19 * 25.4)));

async function look(name: string, page: Page): Promise<void> {
  // Colours on their way from one state to the other, or flashing, have no contrast worth measuring.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const finding of await seriousFindings(page)) findings.push(`${name}: ${finding}`);
  await page.emulateMedia({ reducedMotion: null });
  if (!name.startsWith('kiosk')) return;
  for (const target of await smallTargets(page, targetPixels)) findings.push(`${name}: small ${target}`);
  // Nothing is cut off at the side, whatever the print.
  const overflow = await page.evaluate(() =>
    Math.max(
      ...[document.documentElement, ...document.querySelectorAll('.kiosk-main')].map(
        ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
      ),
    ),
  );
  if (overflow > 0) findings.push(`${name}: ${overflow} px too wide`);
}

const inMedia = (name: string) => join(mediaDir, name);
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const newTicket = (serviceId = 'housing-subsidy') =>
  hall.post<TicketView>('/api/tickets', { requestId: crypto.randomUUID(), serviceId });
const text = async (page: Page) => (await page.locator('body').textContent()) ?? '';

/** Whatever was called before is served, so that the next call is the next ticket. */
async function clearWindow(): Promise<void> {
  const { mine } = await clerk.get<QueueView>('/api/queue');
  if (mine?.state === 'called') await clerk.post(`/api/tickets/${mine.ticketId}/came`);
  if (mine) await clerk.post(`/api/tickets/${mine.ticketId}/finish`);
}
async function callUntil(ticket: TicketView): Promise<void> {
  for (;;) {
    await clearWindow();
    const { mine } = await clerk.post<QueueView>('/api/queue/next');
    if (mine?.ticketId === ticket.id) return;
  }
}

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

test('a kiosk books a time, shows its code, and knows it again when the code is scanned', async () => {
  const page = await open('/kiosk', screens.kiosk);
  await button(page, /Коснитесь экрана/).click();
  await button(page, /Пенсии/).click();
  await button(page, /Субсидия/)
    .first()
    .click();
  await button(page, 'Записаться на время').click();
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
    const page = await open('/kiosk', screens.kioskWide);
    await button(page, /Коснитесь экрана/).click();
    await button(page, /Пенсии/).click();
    await button(page, /Субсидия/)
      .first()
      .click();
    await button(page, 'Записаться на время').click();
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

describe('a board', () => {
  test('shows and speaks a call, in Russian and English, and a plate shows the number of its window', async () => {
    const board = await open('/board', screens.board);
    const plate = await open('/board?window=1', { width: 1280, height: 720 });
    const other = await open('/board?window=2', { width: 1280, height: 720 });
    await board.getByText('Вызывают').waitFor();
    await board.locator('.board-media img').waitFor();
    const ticket = await newTicket();
    await board.locator('.board-waiting').getByText(ticket.number).waitFor();
    const spoken: string[] = [];
    board.on('request', request => {
      if (request.url().includes('/api/speech'))
        spoken.push(new URL(request.url()).searchParams.get('language') ?? '');
    });
    const english = board.waitForRequest(request => /speech.*language=en/.test(request.url()), {
      timeout: 60_000,
    });
    await callUntil(ticket);
    await board.locator('tr.fresh').getByText(ticket.number).waitFor();
    await plate.locator('.plate[data-fresh="true"]').getByText(ticket.number).waitFor();
    await other.getByText('Ждите вызова').waitFor();
    await english;
    assert.equal(spoken[0], 'ru');
    await look('board', board);
    await look('plate', plate);
    await clearWindow();
  });

  test('turns pictures and films, skips what is broken, and calls are seen and heard over a film', async () => {
    await rm(mediaDir, { recursive: true });
    await cp(
      new URL('../../provisioning/demonstration/media/1-phone.svg', import.meta.url),
      inMedia('1.svg'),
    );
    await writeFile(inMedia('2.webm'), 'no film');
    await writeFile(inMedia('3.png'), 'no picture');
    await writeFile(inMedia('4.webm'), await recordFilm(browser));
    const board = await open('/board', screens.board, { clock: true });
    const film = board.locator('.board-media video');
    const picture = board.locator('.board-media img[src$="/1.svg"]');
    await picture.waitFor();
    await board.clock.fastForward(15_000);
    await board.waitForFunction(() => {
      const video = document.querySelector('video');
      // Held on the wall until the call was heard.
      if (video?.src.endsWith('/4.webm')) video.loop = true;
      return (video?.currentTime ?? 0) > 0 && video?.loop === true;
    });
    assert.equal(await film.evaluate(each => (each as HTMLVideoElement).muted), true);
    const ticket = await newTicket();
    const heard = board.waitForRequest(
      request => decodeURIComponent(request.url()).includes(`call.${ticket.number}&language=ru`),
      { timeout: 90_000 },
    );
    await callUntil(ticket);
    await board.locator('tr.fresh').getByText(ticket.number).waitFor();
    await heard;
    await look('board-film', board);
    await film.evaluate(each => {
      (each as HTMLVideoElement).loop = false;
    });
    await picture.waitFor();
    await clearWindow();
  });

  test('a board of a zone shows the calls of its windows and whom they serve', async () => {
    const administrator = httpClient(branch.url);
    await administrator.post('/api/login', { login: 'hall', password: region.secrets.password });
    const second = httpClient(branch.url);
    await second.post('/api/login', { login: 'clerk2', password: region.secrets.password });
    const skills = (login: string, wish: { categoryId: string; weight: number }[] | null) =>
      administrator.post(`/api/hall/skills/${login}`, { skills: wish });
    try {
      await skills('clerk', [{ categoryId: 'social', weight: 10 }]);
      await skills('clerk2', [{ categoryId: 'taxes', weight: 10 }]);
      for (const each of [clerk, second]) await each.post('/api/window/open');
      const [left, right] = [
        await open('/board?zone=left&sound=off', screens.board),
        await open('/board?zone=right&sound=off', screens.board),
      ];
      const [social, tax] = [await newTicket('housing-subsidy'), await newTicket('inn-certificate')];
      const waiting = (board: Page) => board.locator('.board-waiting li').allTextContents();
      await left.locator('.board-waiting').getByText(social.number).waitFor();
      await right.locator('.board-waiting').getByText(tax.number).waitFor();
      assert.ok(!(await waiting(left)).includes(tax.number));
      assert.ok(!(await waiting(right)).includes(social.number));
      await left.getByText('Зал 1').waitFor();
      await look('board-zone', right);
      await second.post('/api/queue/next');
      await right.locator('tr.fresh').getByText(tax.number).waitFor();
      assert.doesNotMatch(await text(left), new RegExp(tax.number));
      // The paper says which hall: only one of them serves the wish.
      const printed = await devices.get<{ text: string }[]>('/tickets');
      assert.match(JSON.stringify(printed.at(-1)), /Зал 2/);
      await second.post(`/api/tickets/${tax.id}/came`);
      await second.post(`/api/tickets/${tax.id}/finish`);
    } finally {
      for (const login of ['clerk', 'clerk2']) await skills(login, null);
      await second.post('/api/window/close');
      await callUntil(await newTicket());
      await clearWindow();
    }
  });

  test('says when its figures are old, and goes on by itself when the box is back', async () => {
    const board = await open('/board', screens.board, { clock: true });
    await board.getByText('Вызывают').waitFor();
    await branch.program().kill();
    for (let step = 0; step < 8; step++) await board.clock.runFor(10_000);
    await board.getByText('Нет связи. Данные на').waitFor();
    await board.getByText('Табло не обновляется').waitFor();
    await look('board-stale', board);
    // Answers of a box that is away are expected here.
    watched.splice(0);
    // The box comes back with a newer page.
    const file = join(dir, 'ui', 'board.html');
    await writeFile(file, (await readFile(file, 'utf8')).replace('.js"', '.js?newer"'));
    await branch.restart();
    await clerk.post('/api/login', { login: 'clerk', password: region.secrets.password });
    await board.clock.resume();
    await board.getByText('Табло не обновляется').waitFor({ state: 'detached', timeout: 60_000 });
    await board.locator('script[src$="?newer"]').waitFor({ state: 'attached', timeout: 60_000 });
    const ticket = await newTicket();
    await board.locator('.board-waiting').getByText(ticket.number).waitFor();
  });
});

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

test('a kiosk warns before it gives a ticket that is of no use today, and so do paper and phone', async () => {
  const config = JSON.parse(await readFile(branch.configPath, 'utf8')) as { hall: object };
  const week = Array.from({ length: 7 }, () => [{ from: '00:00', to: '00:01' }]);
  const hours = { ...config, hall: { ...config.hall, hours: [{ week }] } };
  await writeFile(branch.configPath, JSON.stringify(hours));
  await branch.program().stop();
  await branch.restart();
  const page = await open('/kiosk', screens.kiosk);
  const said = page.waitForRequest(request => request.url().includes('screen.late'), { timeout: 90_000 });
  await page.getByText('окончен в 00:01').waitFor();
  await look('kiosk-closed', page);
  await button(page, /Коснитесь экрана/).click();
  await button(page, /Налоги/).click();
  await page.locator('.row').first().click();
  await page.getByText('Приём окончен в 00:01').waitFor();
  await look('kiosk-closing', page);
  await button(page, 'Вслух').click();
  await said;
  await button(page, 'Взять талон').click();
  await page.getByText('Заберите талон').waitFor();
  await page.getByText('окончен в 00:01').waitFor();
  await look('kiosk-done-late', page);
  const [printed] = (await devices.get<{ lines: string[]; qr: string[] }[]>('/tickets')).slice(-1);
  assert.match(printed?.lines.join(' ') ?? '', /Приём был до 00:01, можем не успеть/);
  const phone = await open(new URL(printed?.qr[0] ?? '').pathname, screens.phone);
  await phone.getByText('окончен в 00:01').waitFor();
  await look('phone-late', phone);
});
