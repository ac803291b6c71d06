import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { agencyPapersFolder } from '../../fixtures/agency-papers/draw.ts';
import { ordinaryPapersFolder } from '../../fixtures/ordinary-papers/draw.ts';
import { pageSetFolder } from '../../fixtures/page-set/page-set.ts';
import { papersFolder } from '../../fixtures/papers/draw.ts';
import { heldOutPlainPapersFolder, plainPapersFolder } from '../../fixtures/plain-papers/draw.ts';
import { heldOutPapersFolder, strangePapersFolder } from '../../fixtures/strange-papers/draw.ts';
import type { KindCounts } from '../capture/kinds.ts';
import { memoryOver, okno } from '../capture/okno.ts';
import { readPages, type TruePage } from '../capture/pages.ts';
import { type EngineRun, nativeTesseract, ocrmypdf, ocrmypdfOfCleaned } from '../capture/peers.ts';
import { scoreOf } from '../capture/score.ts';
import { printCapture, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { Skipped } from '../setting/skip.ts';

/**
 * From pictures of pages to a searchable document: ours with either engine, Debian's tesseract and
 * OCRmyPDF, one after the other on the same pages. `--pages DIR`: pictures with their text beside them;
 * `--pages papers`: the office papers of the fixtures, worn and badly scanned; `strange`: others, made to be
 * read before anybody tuned on them; `held-out`: on which nothing was tuned; `ordinary`: what a branch sees daily; `agency`:
 * papers of offices, whose kinds are judged too; `plain` and `plain-held-out`: plain papers of every kind, the kinds judged.
 * `--engines a,b` runs only those.
 * `--many 500`: only the memory of ours over so many pages, looked at after each fifty.
 */
export async function capture(flags: Flags): Promise<void> {
  const [set] = flags.words('pages', []);
  const made = sets[set ?? 'usual'];
  const pages = await readPages(made === undefined ? (set ?? '') : fileURLToPath(await made(say)), say);
  const first = pages[0];
  if (first === undefined) return;
  const [many] = flags.numbers('many', []);
  if (many !== undefined) return await manyPages(pages, many);
  const engines: Record<
    string,
    () => Promise<EngineRun & { onePageSeconds?: number; kinds?: KindCounts | undefined }>
  > = {
    okno: () => okno('tesseract-js', pages, first),
    'okno-native': () => okno('tesseract', pages, first),
    tesseract: () => nativeTesseract(pages),
    ocrmypdf: async () => ({ ...(await ocrmypdf(pages)), onePageSeconds: (await ocrmypdf([first])).seconds }),
    'ocrmypdf-cleaned': () => ocrmypdfOfCleaned(pages),
  };
  for (const name of flags.words('engines', Object.keys(engines))) {
    const run = engines[name];
    if (run === undefined) throw new Error(`No engine ${name}; there are ${Object.keys(engines).join(', ')}`);
    const done = await run().catch((error: unknown) => {
      if (!(error instanceof Skipped)) throw error;
      printLine({ bench: 'capture', engine: name, skipped: error.message });
      return undefined;
    });
    if (done === undefined) continue;
    const { engine, read, seconds, cpuSeconds, peakMemoryBytes, pdfBytes, onePageSeconds, kinds } = done;
    printCapture({
      bench: 'capture',
      engine,
      pages: pages.length,
      pagesPerMinute: (60 * pages.length) / seconds,
      cpuSecondsPerPage: cpuSeconds / pages.length,
      ...scoreOf(pages, read),
      peakMemoryBytes,
      ...(pdfBytes === undefined ? {} : { bytesPerPage: Math.round(pdfBytes / pages.length) }),
      ...(onePageSeconds === undefined ? {} : { onePageSeconds }),
      ...(kinds && { kindsRight: kinds.right, kindsUnsure: kinds.unsure, kindsWrong: kinds.wrong }),
      load: loadavg()[0] ?? 0,
    });
    for (const [index, page] of pages.entries()) {
      if (page.text.trim() === '') continue;
      const { cer, wer, fieldPrecision, fieldRecall } = scoreOf([page], [read[index] ?? { text: '' }]);
      const fields = `${fieldPrecision < 1 ? ', a field wrong' : ''}${fieldRecall < 1 ? ', a field missed' : ''}`;
      say(`  ${page.name}: CER ${(100 * cer).toFixed(2)} %, words lost ${(100 * wer).toFixed(1)} %${fields}`);
    }
  }
}

/** Sets of pages that are drawn at their first use, by what `--pages` calls them. */
const sets: Record<string, (heard: (text: string) => void) => Promise<URL>> = {
  usual: pageSetFolder,
  papers: papersFolder,
  strange: strangePapersFolder,
  'held-out': heldOutPapersFolder,
  ordinary: ordinaryPapersFolder,
  agency: agencyPapersFolder,
  plain: plainPapersFolder,
  'plain-held-out': heldOutPlainPapersFolder,
};

async function manyPages(pages: readonly TruePage[], count: number): Promise<void> {
  const peaks: number[] = [];
  await memoryOver('tesseract-js', pages, { count, step: 50 }, (pagesSoFar, peakBytes) => {
    peaks.push(peakBytes);
    say(`  ${pagesSoFar} pages: at most ${(peakBytes / 1e6).toFixed(0)} MB`);
  });
  printCapture({
    bench: 'capture',
    engine: 'okno',
    pages: count,
    firstPeakMemoryBytes: peaks[0] ?? 0,
    lastPeakMemoryBytes: peaks.at(-1) ?? 0,
    peakMemoryBytes: Math.max(...peaks),
  });
}
