import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { httpClient } from '../../../provisioning/demonstration/box-client.ts';
import { screens } from '../chromium.ts';
import { recordFilm } from '../small-film.ts';
import {
  branch,
  browser,
  callUntil,
  clearWindow,
  clerk,
  devices,
  dir,
  inMedia,
  look,
  mediaDir,
  newTicket,
  open,
  region,
  text,
  watched,
} from './setting.ts';

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
      new URL('../../../provisioning/demonstration/media/1-phone.svg', import.meta.url),
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
