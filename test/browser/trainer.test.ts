import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { type Region, type RegionBranch, startRegion } from '../../provisioning/demonstration/region.ts';
import { seriousFindings } from './accessibility.ts';
import { launchChromium, openPage, screens } from './chromium.ts';

let dir: string;
let region: Region;
let branch: RegionBranch;
let browser: Browser;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-trainer-'));
  const basePort = await someFreeBase(1);
  region = await startRegion({ dir, basePort, branches: 1, agencyStepMs: 300, withoutCentre: true });
  branch = region.branches[0] as RegionBranch;
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await region?.stop();
  await rm(dir, { recursive: true, force: true });
});

const lines = [
  'КАРТА ЖИТЕЛЯ РЕГИОНА',
  'Выдана гражданину для льготного проезда',
  'Эталонов Вымысел Черновикович',
  'Действительна до 31 декабря 2031 года',
];

/** A paper that no shipped rule knows. */
const card = () =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="1654" height="1170"><rect width="100%" height="100%" fill="white"/>${lines
        .map(
          (line, at) =>
            `<text x="150" y="${200 + at * 120}" font-family="DejaVu Sans" font-size="48">${line}</text>`,
        )
        .join('')}</svg>`,
    ),
  )
    .jpeg({ quality: 92 })
    .withMetadata({ density: 200 })
    .toBuffer();

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

test('a technician teaches the box a new kind of paper by a sample and suggested phrases', async () => {
  const findings: string[] = [];
  const watched = await openPage(browser, `${branch.url}/clerk`, screens.clerk);
  const { page } = watched;
  const look = async (name: string) => {
    await page.waitForTimeout(300);
    for (const finding of await seriousFindings(page)) findings.push(`${name}: ${finding}`);
  };
  await page.getByLabel('Имя для входа').fill('technician');
  await page.getByLabel('Пароль').fill(region.secrets.password);
  await page.keyboard.press('Enter');
  // The clerk's page is not for technicians; it shows them theirs.
  await page.getByRole('link', { name: /Страница техника/ }).click();
  await page.getByRole('link', { name: 'Виды документов' }).click();
  await page.getByText('Образцов пока нет').waitFor();
  await look('trainer-empty');

  await button(page, 'Новый вид').click();
  const dialog = page.locator('dialog');
  await dialog.getByLabel(/Код вида/).fill('resident-card');
  await dialog.getByLabel('Название', { exact: true }).fill('Карта жителя');
  await dialog.getByLabel('Название по-английски').fill('Resident card');
  await look('trainer-new-kind');
  await button(page, 'Готово').click();
  await page.getByText('Есть правки').waitFor();
  await button(page, 'Сохранить').click();
  await page.getByText('Правила уже действуют').waitFor();

  await button(page, 'Добавить образцы').click();
  const file = { name: 'card.jpg', mimeType: 'image/jpeg', buffer: await card() };
  await dialog.getByLabel(/Выбрать файл/).setInputFiles(file);
  await dialog.getByLabel('Что это: страница 1').selectOption('Карта жителя', { timeout: 60_000 });
  const shown = await dialog.locator('.trainer-offered-text').textContent();
  assert.doesNotMatch(shown ?? '', /Эталонов|Вымысел|Черновик|[1-9]/i);
  await look('trainer-add');
  await dialog.getByRole('button', { name: 'Добавить', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });

  const sample = page.locator('button.sample');
  await sample.getByText('не узнано').waitFor();
  await page.getByText('Узнано верно: 0 из 1').waitFor();
  await sample.press('Enter');
  await look('trainer-wrong');
  for (const count of [1, 2]) {
    await button(page, /^Добавить фразу/)
      .first()
      .click();
    await page
      .locator('.phrase')
      .nth(count - 1)
      .waitFor();
  }
  await sample.getByText(/верно, \d+ %/).waitFor();
  await page.getByText('стало лучше: 1').waitFor();
  await page.locator('.sample-text mark.for', { hasText: 'КАРТА' }).waitFor();
  await look('trainer-right');
  // Edits that come before the box said what the saved rules make of the samples are compared with them all the same.
  const trials = Promise.withResolvers<void>();
  await page.route('**/api/kinds/try', async route => {
    await trials.promise;
    await route.continue();
  });
  await button(page, 'Сохранить').click();
  await page.getByText('Правила уже действуют').waitFor();

  // What makes a sample worse is asked about, and can be dropped.
  for (let left = 2; left > 0; left--) {
    await button(page, /^Убрать: /)
      .first()
      .click();
    await page
      .locator('.phrase')
      .nth(left - 1)
      .waitFor({ state: 'detached' });
  }
  trials.resolve();
  await page.getByText('стало хуже: 1').waitFor();
  await button(page, 'Сохранить').click();
  await page.getByText('Всё равно сохранить?').waitFor();
  await look('trainer-worse');
  await button(page, 'Отмена').click();
  await button(page, 'Отменить правки').click();
  await page.getByText('Узнано верно: 1 из 1').waitFor();

  await page.reload();
  await page.locator('button.sample').getByText(/верно/).waitFor();
  await button(page, 'English').click();
  await page.getByText('Told right: 1 of 1').waitFor();
  await look('trainer-english');
  await button(page, 'Русский').click();

  // Rules of another box come as a file; what is none changes nothing.
  const rulesFile = (text: string) => ({
    name: 'kind-rules.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  });
  const importer = page.getByLabel('Взять правила из файла');
  for (const text of [
    '{"snils":',
    '{"other": {"title": {"ru": "а", "en": "a"}, "satisfies": [], "phrases": []}}',
  ]) {
    await importer.setInputFiles(rulesFile(text));
    await page.getByText('Правила не приняты').waitFor();
    assert.equal(await page.getByText('Есть правки').count(), 0);
  }
  const exported = await page.request.get(`${branch.url}/api/kinds/rules`);
  const rules = (await exported.json()) as Record<string, unknown>;
  const { 'resident-card': _, ...fewer } = rules;
  await importer.setInputFiles(rulesFile(JSON.stringify(fewer)));
  await page.getByText('стало хуже: 1').waitFor();
  await button(page, 'Отменить правки').click();
  await button(page, 'Вернуть исходные правила').click();
  await page.locator('dialog').getByRole('button', { name: 'Вернуть исходные правила' }).click();
  await page.getByText('Действуют исходные правила').waitFor();
  await page.getByText('Узнано верно: 0 из 1').waitFor();
  assert.deepEqual(findings, []);
  assert.deepEqual(watched.troubles, []);
});

test('a technician changes the look of tickets and sees the paper', async () => {
  const { page, troubles } = await openPage(browser, `${branch.url}/ticket-editor`, screens.clerk);
  await page.getByLabel('Имя для входа').fill('technician');
  await page.getByLabel('Пароль').fill(region.secrets.password);
  await page.keyboard.press('Enter');
  const paper = page.locator('.editor-paper img');
  await paper.waitFor();
  const pictureOf = () => paper.getAttribute('src');
  const before = await pictureOf();
  await page.getByLabel('Добавить строку…').selectOption('text');
  await page.getByLabel('По-русски').last().fill('Спасибо, что пришли');
  await page.waitForFunction(
    old => document.querySelector('.editor-paper img')?.getAttribute('src') !== old,
    before,
  );
  assert.deepEqual(await seriousFindings(page), []);
  await button(page, 'Сохранить').click();
  await page.getByText('Следующий талон выйдет таким').waitFor();
  await page.reload();
  await paper.waitFor();
  assert.equal(await page.getByLabel('По-русски').last().inputValue(), 'Спасибо, что пришли');
  assert.deepEqual(troubles, []);
  await page.close();
});
