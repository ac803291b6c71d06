import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { readCodes } from '../../device/capture/barcodes/read-codes.ts';
import { cleanPage } from '../../device/capture/host/clean-page.ts';
import { createRecogniser } from '../../device/capture/recogniser.ts';
import { createSeparatorDesk, type SeparatorDesk } from '../../device/cases/separators/separator-desk.ts';
import { pileKind } from '../../device/core/arrangement.ts';
import { ippPrinter } from '../../device/peripherals/printers/ipp.ts';
import { clerkAt, openBranch, signingParties, type TestBranch } from '../fixtures/branch.ts';
import { blankPage, fixturePage } from '../fixtures/pages.ts';
import { type SimulatedPrinter, startIppPrinter } from '../simulators/ipp-printer/printer.ts';

const serviceId = 'housing-subsidy'; // requires application, snils and certificate
let dir: string;
let printer: SimulatedPrinter;
let branch: TestBranch;
let desk: SeparatorDesk;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-separators-'));
  printer = await startIppPrinter({ dir: join(dir, 'tray') });
  const engine = createRecogniser({ engine: 'tesseract', pageTimeoutMs: 120_000 });
  branch = await openBranch({ parties: await signingParties(), engine });
  const { register } = branch.now();
  const a4 = ippPrinter({ url: printer.url, timeoutMs: 3000, jobTimeoutMs: 10_000 });
  desk = createSeparatorDesk({ register, printer: a4, clock: branch.clock });
});
after(async () => {
  await branch?.close();
  await printer?.close();
  await rm(dir, { recursive: true, force: true });
});

async function openCase(): Promise<string> {
  const ticketId = randomUUID();
  const at = { window: '1', clerk: 'clerk-1' };
  const issued = { number: 'Б01', serviceId, day: '2026-11-23', requestId: randomUUID() };
  await branch.now().journal.commit([
    { type: 'ticket.issued', subject: ticketId, body: issued },
    { type: 'ticket.waiting', subject: ticketId, body: { by: 'printed' } },
    { type: 'ticket.called', subject: ticketId, body: { ...at, call: 1 } },
    { type: 'ticket.serving', subject: ticketId, body: at },
  ]);
  return await branch.now().cases.open(clerkAt('1'), { ticketId, serviceId });
}

/** The sheets as a scanner gives them back. */
async function scanned(pdf: Uint8Array, dpi: number, badly: (page: Sharp) => Sharp) {
  const folder = await mkdtemp(join(dir, 'sheets-'));
  await writeFile(join(folder, 'sheets.pdf'), pdf);
  execFileSync('pdftoppm', ['-r', String(dpi), '-png', join(folder, 'sheets.pdf'), join(folder, 'page')]);
  const names = (await readdir(folder)).filter(name => name.endsWith('.png')).toSorted();
  return await Promise.all(
    names.map(async name => {
      const spoilt = await badly(sharp(await readFile(join(folder, name))).removeAlpha()).toBuffer();
      return await sharp(spoilt).withMetadata({ density: dpi }).jpeg({ quality: 60 }).toBuffer();
    }),
  );
}
const skewed = (page: Sharp) => page.rotate(2.5, { background: '#f4efe2' }).blur(1).linear(0.8, 40);

test('KEM-8 printed sheets, scanned with the papers, part the pile, name its documents and leave it', async () => {
  const kinds = [pileKind, 'snils', 'certificate'];
  const [any, snils, certificate] = await scanned(await desk.sheets(serviceId, kinds), 200, skewed);
  const application = (await fixturePage('application-1')).bytes;
  const card = (await fixturePage('snils-card-1')).bytes;
  const contract = (await fixturePage('contract-1')).bytes;
  assert.ok(any && snils && certificate);
  const pile = [any, application, snils, contract, await blankPage(), certificate, card];
  const caseId = await openCase();
  const { documents, store, proposals } = branch.now();
  const documentId = documents.documentFor(caseId, pileKind);
  for (const bytes of pile)
    await documents.addPage({ caseId, kind: pileKind, documentId, page: { bytes, source: 'sane:test:0' } });
  documents.recogniseWaiting();
  while (store.getDocument(documentId).state === 'recognising')
    await new Promise(resolve => setTimeout(resolve, 50));

  const { isRead, documents: proposed } = await proposals.propose(caseId);
  const places = store.pages(documentId).map(({ sha256 }) => sha256);
  assert.equal(isRead, true);
  assert.deepEqual(
    proposed.map(({ kind, pages }) => [kind, pages.map(({ sha256 }) => places.indexOf(sha256))]),
    [
      // The sheet for any document lets the page say what it is; a named one has the last word.
      ['application', [1]],
      ['snils', [3]],
      ['certificate', [6]],
      [pileKind, []],
      ['removed', [0, 2, 4, 5]],
    ],
  );
});

test('a sheet is read from a poor scan, on its head, and with half of it torn off', async () => {
  const pdf = await desk.sheets(serviceId, ['snils']);
  const ways: Record<string, (page: Sharp) => Sharp> = {
    'faint and blurred': page => page.blur(2.2).linear(0.35, 150),
    'on its head': page => page.rotate(180),
    'on its side': page => page.rotate(90),
    'upper half': page => page.extract({ left: 0, top: 0, width: 1240, height: 900 }),
    'lower half': page => page.extract({ left: 0, top: 900, width: 1240, height: 850 }),
  };
  for (const [name, badly] of Object.entries(ways)) {
    const [page] = await scanned(pdf, 150, badly);
    assert.ok(page);
    const codes = await readCodes((await cleanPage(page)).codes);
    assert.ok(
      codes.some(({ text }) => text === 'OKNO-SEPARATOR:snils'),
      name,
    );
  }
});

test('people read on the sheet what it is and where it goes, however long the title', async () => {
  const { documents } = branch.now().register.getService(serviceId);
  const pdf = await desk.sheets(serviceId, desk.kinds(serviceId));
  await writeFile(join(dir, 'read.pdf'), pdf);
  const text = execFileSync('pdftotext', ['-layout', join(dir, 'read.pdf'), '-'], { encoding: 'utf8' });
  const sheets = text.split('\f').slice(0, -1);
  assert.equal(sheets.length, documents.length + 1);
  for (const [at, { title }] of documents.entries()) {
    const words = (sheets[at + 1] ?? '').replace(/\s+/g, ' ');
    assert.ok(words.includes(title.ru), `${title.ru} in ${words}`);
    assert.match(words, /Разделитель .*Положите этот лист в стопку перед документом/);
  }
  assert.deepEqual(await desk.sheets(serviceId, desk.kinds(serviceId)), pdf);
});

test('the sheets come out of the printer, and a printer without paper says so', async () => {
  await desk.print(serviceId, [pileKind, 'snils']);
  const [job] = printer.jobs();
  assert.equal(job?.name, 'Разделители стопки');
  const info = execFileSync('pdfinfo', [join(dir, 'tray', `job-${job?.id}.pdf`)], { encoding: 'utf8' });
  assert.match(info, /^Pages:\s+2$/m);
  await printer.setFault('paper-ends');
  await assert.rejects(desk.print(serviceId, ['snils']), { code: 'printer.document-paper-out' });
  await printer.setFault('silent');
  await assert.rejects(desk.print(serviceId, ['snils']), { code: 'printer.document-offline' });
  await printer.setFault(undefined);
});

test('a kind that the service does not ask for has no sheet', async () => {
  await assert.rejects(desk.sheets(serviceId, ['medical-certificate']), { code: 'internal.bad-request' });
  await assert.rejects(desk.sheets('no-such-service', [pileKind]), { code: 'queue.unknown-service' });
});
