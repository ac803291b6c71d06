import { createRecogniser } from '../../../device/capture/recogniser.ts';
import { type KindCounts, kindsOf } from './kinds.ts';
import type { TruePage } from './pages.ts';
import type { EngineRun } from './peers.ts';
import { watchTree } from './process-tree.ts';

const description = { kind: 'other', title: 'Bench', createdAt: new Date('2026-01-01T00:00:00Z') };
const pageTimeoutMs = 120_000;

export interface OknoRun extends EngineRun {
  kinds: KindCounts | undefined;
  /** From the bytes of one page to its text in a PDF/A, alone. */
  onePageSeconds: number;
}

/**
 * The recogniser as the box uses it, two workers, all pages as one document, from the scanner's bytes to
 * the PDF/A. It is warm, as on a box that is on: `first` was read before.
 */
export async function okno(
  engine: 'tesseract-js' | 'tesseract',
  pages: readonly TruePage[],
  first: TruePage,
): Promise<OknoRun> {
  const recogniser = createRecogniser({ engine, workers: 2, pageTimeoutMs });
  const firstPage = first.pages[0] ?? first.bytes;
  try {
    await recogniser.warmUp();
    await recogniser.recognise([firstPage, Buffer.concat([firstPage, Buffer.from('other')])], description);
    // Bytes behind the picture's end are another page to the recogniser, which remembers what it read.
    const again = Buffer.concat([firstPage, Buffer.from('again')]);
    const alone = performance.now();
    await recogniser.recognise([again], description);
    const onePageSeconds = (performance.now() - alone) / 1000;

    const unread = pages
      .flatMap(page => page.pages)
      .map((bytes, index) => Buffer.concat([bytes, Buffer.from(`page ${index}`)]));
    const watch = watchTree(process.pid);
    const idleMemory = process.memoryUsage.rss();
    const before = { cpu: watch.cpuSeconds(), ms: performance.now() };
    const found = await recogniser.recognise(unread, description);
    const seconds = (performance.now() - before.ms) / 1000;
    const cpuSeconds = watch.cpuSeconds() - before.cpu;
    const { peakMemoryBytes } = watch.stop();
    const left = [...found.pages];
    const read = pages.map(file => {
      const own = left.splice(0, file.pages.length);
      return { text: own.map(({ text }) => text).join('\n'), pages: own };
    });
    return {
      engine: engine === 'tesseract-js' ? 'okno' : 'okno, native engine',
      read,
      seconds,
      cpuSeconds,
      peakMemoryBytes: Math.max(0, peakMemoryBytes - idleMemory),
      pdfBytes: found.pdf.length,
      onePageSeconds,
      kinds: kindsOf(
        pages,
        read.map(({ pages: own }) => own),
      ),
    };
  } finally {
    await recogniser.stop();
  }
}

/**
 * Memory of the recogniser, everything that it started included, over many pages: documents of `step` pages,
 * none of them read before. Bytes after each.
 */
export async function memoryOver(
  engine: 'tesseract-js' | 'tesseract',
  pages: readonly TruePage[],
  { count, step }: { count: number; step: number },
  heard: (pagesSoFar: number, peakBytes: number) => void,
): Promise<void> {
  const recogniser = createRecogniser({ engine, workers: 2, pageTimeoutMs });
  try {
    await recogniser.warmUp();
    for (let from = 0; from < count; from += step) {
      const batch = Array.from({ length: Math.min(step, count - from) }, (_, at) =>
        Buffer.concat([
          pages[(from + at) % pages.length]?.pages[0] ?? new Uint8Array(),
          Buffer.from(`page ${from + at}`),
        ]),
      );
      const watch = watchTree(process.pid);
      const ownBytes = process.memoryUsage.rss();
      await recogniser.recognise(batch, description);
      heard(from + batch.length, Math.max(0, watch.stop().peakMemoryBytes - ownBytes));
    }
  } finally {
    await recogniser.stop();
  }
}
