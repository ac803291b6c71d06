import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { buildUi } from '../../ui/build.ts';
import { openArchiveServer, password } from '../contract/archive-server.ts';
import { services } from '../contract/archive-setting.ts';
import { seriousFindings } from './accessibility.ts';
import { launchChromium, openPage, screens, type Watched } from './chromium.ts';

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

test('LED-2.7, LED-4.1 archivists hold, list and destroy on their page, two people an act; an operator says why he looks', async t => {
  const uiDir = await mkdtemp(join(tmpdir(), 'okno-archive-ui-'));
  t.after(() => rm(uiDir, { recursive: true, force: true }));
  await buildUi(uiDir);
  const { archive, url } = await openArchiveServer(t, uiDir);
  const browser = await launchChromium();
  t.after(() => browser.close());
  const [due, held] = [await archive.arrive(), await archive.arrive({ serviceId: services.five })];
  await archive.arrive({ serviceId: services.permanent });
  await archive.handOut(due.caseId);
  await archive.intake.round();
  archive.clock.set('2027-12-01T05:00:00.000Z');
  const watched: Watched[] = [];
  async function open(login: string): Promise<Page> {
    const opened = await openPage(browser, url, screens.clerk);
    watched.push(opened);
    await opened.page.getByLabel('Имя для входа').fill(login);
    await opened.page.getByLabel('Пароль').fill(password);
    await opened.page.keyboard.press('Enter');
    await opened.page.getByRole('tab', { name: 'Дела' }).waitFor();
    return opened.page;
  }
  const findings: string[] = [];
  const onScreen = async (page: Page) => {
    findings.push(...(await seriousFindings(page)));
  };

  const anna = await open('anna');
  await button(anna, held.number).click();
  await button(anna, 'Запретить уничтожение').click();
  await anna.getByRole('textbox', { name: 'Причина' }).fill('Запрос районного суда');
  await anna.keyboard.press('Enter');
  await anna.getByText('под запретом').first().waitFor();
  await onScreen(anna);
  await button(anna, 'Срок вышел').click();
  await button(anna, held.number).waitFor({ state: 'detached' });
  await button(anna, due.number).waitFor();
  await anna.getByRole('tab', { name: 'Акты и описи' }).click();
  await button(anna, 'Составить акт об уничтожении').click();
  await anna.getByLabel('Основание').fill('Срок хранения вышел');
  await button(anna, /^Составить$/).click();
  await anna.getByText('Вы составили этот акт').waitFor();
  assert.equal(await button(anna, 'Утвердить').count(), 0);
  await onScreen(anna);

  const boris = await open('boris');
  await boris.getByRole('tab', { name: 'Акты и описи' }).click();
  await button(boris, 'Акт об уничтожении № 1').click();
  await button(boris, 'Утвердить').click();
  await boris
    .getByRole('alertdialog')
    .or(boris.getByRole('dialog'))
    .getByRole('button', { name: 'Утвердить' })
    .click();
  await boris.getByText('исполнен').first().waitFor();
  assert.equal(await archive.blobs.has(due.package), false);
  // Another's page shows it by itself.
  await anna.getByText('исполнен').first().waitFor();
  await onScreen(boris);

  const olga = await open('olga');
  assert.equal(await button(olga, 'Запретить уничтожение').count(), 0);
  // The operators' room leads to a case by its address.
  await olga.goto(`${url}#${held.caseId}`);
  await olga.reload();
  await button(olga, 'Подлинник').first().click();
  await olga.getByRole('textbox', { name: 'Причина' }).fill('Вопрос заявителя');
  const download = olga
    .waitForEvent('popup')
    .then(popup => popup.waitForEvent('download').catch(() => undefined));
  await button(olga, /^Открыть$/).click();
  await download;
  await olga.getByText('Вопрос заявителя').first().waitFor();
  await button(olga, 'English').click();
  await olga.getByText('Who looked').waitFor();
  await onScreen(olga);

  assert.deepEqual(findings, []);
  assert.deepEqual(
    watched.flatMap(({ troubles }) => troubles),
    [],
  );
});
