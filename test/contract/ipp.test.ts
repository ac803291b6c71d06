import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { filePrinter } from '../../device/peripherals/printers/file-printer.ts';
import { ippPrinter } from '../../device/peripherals/printers/ipp.ts';
import { jobState } from '../../device/peripherals/printers/ipp-message.ts';
import { AppError } from '../../protocol/app-error.ts';
import { startIppEvePrinter } from '../simulators/ipp-printer/ippeveprinter.ts';
import { type SimulatedPrinter, startIppPrinter } from '../simulators/ipp-printer/printer.ts';

const run = promisify(execFile);
const title = 'Копия электронного документа по делу МФЦ-041-2026-000123';
const pdf = Buffer.concat([
  Buffer.from('%PDF-1.7\n'),
  Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256)),
]);
const refusedWith = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

/** What holds for every printer. `tray` is where its paper would lie. */
function contract(open: () => { url: string; tray: string; fail(): Promise<void> } | { reason: string }) {
  const printer = (t: { skip(reason: string): void }) => {
    const target = open();
    if ('url' in target) return { ...target, ...ippPrinter({ url: target.url, timeoutMs: 5000 }) };
    t.skip(target.reason);
    return undefined;
  };
  const lying = async (tray: string) => (await readdir(tray)).filter(name => name.endsWith('.pdf'));

  test('a PDF arrives byte for byte, and the job is over when print resolves', async t => {
    const target = printer(t);
    if (!target) return;
    const before = await lying(target.tray);
    const job = await target.print(pdf, { title });
    assert.match(job.jobId, /^\d+$/);
    const fresh = (await lying(target.tray)).filter(name => !before.includes(name));
    assert.equal(fresh.length, 1);
    assert.deepEqual(await readFile(join(target.tray, fresh[0] ?? '')), pdf);
  });

  test('a title longer than a name may be is cut between letters', async t => {
    const target = printer(t);
    if (!target) return;
    await target.print(pdf, { title: 'Щ'.repeat(300) });
  });

  test('a job that the printer gives up is a refusal', async t => {
    const target = printer(t);
    if (!target) return;
    await target.fail();
    await assert.rejects(target.print(pdf, { title }), refusedWith('printer.job-refused'));
  });
}

describe('the simulated printer', () => {
  let dir: string;
  let printer: SimulatedPrinter;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'okno-ipp-'));
    printer = await startIppPrinter({ dir });
  });
  afterEach(() => printer.setFault(undefined));
  after(async () => {
    await printer.close();
    await rm(dir, { recursive: true, force: true });
  });

  contract(() => ({ url: printer.url, tray: dir, fail: () => printer.setFault('aborts') }));

  const stops = [
    ['paper-empty', 'printer.document-paper-out'],
    ['cover-open', 'printer.document-cover-open'],
    ['jam', 'printer.document-jam'],
    ['toner-empty', 'printer.document-ink-out'],
    ['tray-full', 'printer.document-tray-full'],
    ['refuses', 'printer.job-refused'],
  ] as const;
  for (const [fault, code] of stops)
    test(`a printer that stands still (${fault}) takes no job`, async () => {
      const jobs = printer.jobs().length;
      await printer.setFault(fault);
      await assert.rejects(
        ippPrinter({ url: printer.url, timeoutMs: 5000 }).print(pdf, { title }),
        refusedWith(code),
      );
      assert.equal(printer.jobs().length, jobs);
    });

  test('a job that stops for paper is withdrawn, so that printing again does not double it', async () => {
    const sheets = (await readdir(dir)).length;
    const { print } = ippPrinter({ url: printer.url, timeoutMs: 5000 });
    await printer.setFault('paper-ends');
    await assert.rejects(print(pdf, { title }), refusedWith('printer.document-paper-out'));
    assert.equal(printer.jobs().at(-1)?.state, jobState.canceled);
    await printer.setFault(undefined);
    await print(pdf, { title });
    assert.equal((await readdir(dir)).length, sheets + 1);
  });

  test('a job that waits for a code at the panel is withdrawn and never comes out by itself', async () => {
    const sheets = (await readdir(dir)).length;
    await printer.setFault('holds');
    await assert.rejects(
      ippPrinter({ url: printer.url, timeoutMs: 5000 }).print(pdf, { title }),
      refusedWith('printer.document-held'),
    );
    assert.equal(printer.jobs().at(-1)?.state, jobState.canceled);
    await printer.setFault(undefined);
    assert.equal((await readdir(dir)).length, sheets);
  });

  test('a job that somebody cancels at the printer says so', async () => {
    await printer.setFault('cancels');
    await assert.rejects(
      ippPrinter({ url: printer.url, timeoutMs: 5000 }).print(pdf, { title }),
      refusedWith('printer.document-canceled'),
    );
  });

  test('a printer that takes a job and never says so leaves the outcome open', async () => {
    await printer.setFault('deaf-to-jobs');
    await assert.rejects(
      ippPrinter({ url: printer.url, timeoutMs: 500 }).print(pdf, { title }),
      refusedWith('printer.document-unconfirmed'),
    );
  });

  test('a printer that answers nothing at all is offline', async () => {
    await printer.setFault('silent');
    await assert.rejects(
      ippPrinter({ url: printer.url, timeoutMs: 500 }).print(pdf, { title }),
      refusedWith('printer.document-offline'),
    );
  });

  test('ipptool, which is not ours, finds it conforming to IPP 1.1', async () => {
    const suite = await mkdtemp(join(tmpdir(), 'okno-ipptool-'));
    try {
      await copyFile('/usr/share/cups/ipptool/ipp-1.1.test', join(suite, 'ipp-1.1.test'));
      for (const name of ['document-a4.pdf', 'document.pdf']) await writeFile(join(suite, name), pdf);
      const { stdout } = await run(
        'ipptool',
        ['-t', '-f', join(suite, 'document.pdf'), printer.url, 'ipp-1.1.test'],
        {
          cwd: suite,
        },
      );
      assert.match(stdout, / 0 failed/);
      assert.match(stdout, /Print-Job Operation\s+\[PASS\]/);
    } finally {
      await rm(suite, { recursive: true });
    }
  });
});

describe('ippeveprinter of CUPS', () => {
  let dir: string;
  let target: Awaited<ReturnType<typeof startIppEvePrinter>>;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'okno-ippeve-'));
    target = await startIppEvePrinter(dir);
  });
  after(async () => {
    if ('close' in target) await target.close();
    await rm(dir, { recursive: true, force: true });
  });

  contract(() => ('url' in target ? { ...target, fail: () => writeFile(join(dir, 'fail'), '') } : target));
});

test('a printer that nobody listens for is offline', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  await new Promise(resolve => server.close(resolve));
  await assert.rejects(
    ippPrinter({ url: `ipp://127.0.0.1:${address.port}/ipp/print`, timeoutMs: 2000 }).print(pdf, { title }),
    refusedWith('printer.document-offline'),
  );
});

test('the folder printer keeps the PDF, once for the same bytes', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-folder-'));
  t.after(() => rm(dir, { recursive: true }));
  const first = await filePrinter({ dir }).print(pdf, { title });
  assert.deepEqual(await filePrinter({ dir }).print(pdf, { title }), first);
  assert.deepEqual(await readdir(dir), [`${first.jobId}.pdf`]);
  assert.deepEqual(await readFile(join(dir, `${first.jobId}.pdf`)), pdf);
});
