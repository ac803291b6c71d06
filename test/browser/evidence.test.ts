import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stampFacts } from '../../protocol/evidence/stamp-facts.ts';
import { verifyFile } from '../../provisioning/okno/verify-file.ts';
import { buildUi } from '../../ui/build.ts';
import { openArchiveServer, password } from '../contract/archive-server.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { seriousFindings } from './accessibility.ts';
import { launchChromium, openPage, screens } from './chromium.ts';

const hourMs = 3_600_000;

test('LED-3.10 the archive shows what proves a document, what is missing and what happens next', async t => {
  const uiDir = await mkdtemp(join(tmpdir(), 'okno-evidence-ui-'));
  t.after(() => rm(uiDir, { recursive: true, force: true }));
  await buildUi(uiDir);
  const workshop = opensslWorkshop();
  const anchor = workshop.issue('Служба меток (проба)', { extensions: authorityExtensions });
  workshop.issue('stamper', {
    ...{ issuer: 'Служба меток (проба)', extensions: stampExtensions, to: '20350101000000Z' },
    subject: '/C=RU/O=Invented/CN=Метки времени (проба)',
  });
  const list = workshop.revocationList('Служба меток (проба)');
  const { archive, url } = await openArchiveServer(t, uiDir, {
    ...{ authority: { stamp: () => Promise.reject(new Error('nobody asks here')) }, anchors: [anchor] },
    ...{ renewBeforeMs: 90 * 24 * hourMs, weak: [] },
  });
  const { evidence, blobs, storage, clock } = archive;
  clock.set(new Date().toISOString());

  async function accepted(sha256: string, what: 'package' | 'result') {
    const content = { sha256, what, caseNumber: 'ПР-1' };
    const crl = await blobs.put(list, 'application/pkix-crl');
    const pieces = [{ kind: 'crl' as const, sha256: crl.sha256, bytes: list }];
    await storage.transaction(transaction =>
      evidence.accepted(transaction, content, { pieces, missing: [] }),
    );
  }
  async function stamped(sha256: string) {
    const token = workshop.stamp('stamper', await blobs.get(sha256));
    const { sha256: stamp } = await blobs.put(token, 'application/timestamp-token');
    const awaited = (await evidence.awaited('stamp', 10)).find(({ content }) => content === sha256);
    assert.ok(awaited);
    await evidence.arrived(awaited, [{ kind: 'stamp', sha256: stamp }], stampFacts(token));
  }
  const found = await archive.arrive();
  await archive.intake.round();
  await accepted(found.package, 'package');
  await stamped(found.package);
  await accepted(found.result, 'result');
  // Two hours without the authority.
  clock.advance(2 * hourMs);

  const browser = await launchChromium();
  t.after(() => browser.close());
  const { page, troubles } = await openPage(browser, url, screens.clerk);
  await page.getByLabel('Имя для входа').fill('anna');
  await page.getByLabel('Пароль').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: found.number }).click();
  const parts = page.getByRole('region', { name: 'Доказательства' });
  const [complete, awaited] = [
    parts.filter({ hasText: 'Доказано, что документ существовал' }),
    parts.filter({ hasText: 'Метка времени: ждём с' }),
  ];
  await complete.getByText('собраны').waitFor();
  await awaited.getByText('задерживаются').waitFor();
  await awaited.getByText('Служба не отвечает').waitFor();

  // By the keyboard alone: the list opens, and a file comes.
  await complete.locator('summary').focus();
  await page.keyboard.press('Enter');
  await complete.getByText(/^Документ существовал не позже/).waitFor();
  await complete.getByText('Метки времени (проба), действует до').waitFor();
  await page.keyboard.press('Tab');
  const [one] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  assert.match(one.suggestedFilename(), /^[0-9a-f]{64}\.(tst|crl)$/);
  assert.deepEqual(await seriousFindings(page), []);
  if (process.env.OKNO_PICTURES)
    await page.screenshot({ path: join(process.env.OKNO_PICTURES, 'evidence.png') });

  // What cannot be given out says so on the page; this one is no package at all.
  await complete.getByRole('button', { name: 'Документ с доказательствами' }).click();
  await page.getByText('evidence.export-too-late').waitFor();
  assert.deepEqual(await seriousFindings(page), []);

  // All of it, as `okno verify` finds it beside the file.
  const all = page.waitForEvent('download');
  await complete.getByRole('link', { name: 'Скачать все доказательства' }).click();
  const zip = await all;
  const dir = await mkdtemp(join(tmpdir(), 'okno-evidence-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  assert.equal(zip.suggestedFilename(), `${found.package}.asice.evidence.zip`);
  await zip.saveAs(join(dir, zip.suggestedFilename()));
  await writeFile(join(dir, `${found.package}.asice`), await blobs.get(found.package));
  await writeFile(join(dir, 'stamps.pem'), await readFile(workshop.path('Служба меток (проба).pem')));
  const { provenSince } = await verifyFile({
    ...{ file: join(dir, `${found.package}.asice`), trustFolder: dir, contentFile: null, evidence: null },
    ...{ revocationFolders: [], at: new Date() },
  });
  assert.ok(provenSince);

  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('It is proved that the document existed').waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(troubles, []);
});
