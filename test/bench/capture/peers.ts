import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import { wordsOf } from '../../../device/capture/engines/tsv.ts';
import { cleanPage } from '../../../device/capture/host/clean-page.ts';
import { createSlots } from '../../../platform/slots.ts';
import { atTheEnd } from '../setting/ending.ts';
import { say } from '../setting/figures.ts';
import { Skipped } from '../setting/skip.ts';
import type { TruePage } from './pages.ts';
import { endedChildrenCpuSeconds, watchTree } from './process-tree.ts';
import type { ReadText } from './score.ts';

const stopped = new AbortController();
const run = (program: string, args: string[], options: object = {}) =>
  promisify(execFile)(program, args, { encoding: 'utf8', signal: stopped.signal, ...options });
const mostOutputBytes = 256 * 1024 * 1024;
const pointsPerInch = 72;
/** Both for the whole of a run: its own threads cost tesseract more than they win. */
const env = { ...process.env, OMP_THREAD_LIMIT: '1' };

/** One run over all pages. */
export interface EngineRun {
  engine: string;
  read: ReadText[];
  seconds: number;
  cpuSeconds: number;
  peakMemoryBytes: number;
  /** Of the document; undefined for bare recognition. */
  pdfBytes?: number;
}

/** What a program says about its version. One that is missing is installed when we may, else it is skipped. */
async function versionOf(program: string, packageName: string): Promise<string> {
  const { stdout } = await run(program, ['--version']).catch(async () => {
    if (process.getuid?.() !== 0) throw new Skipped(`${program} is missing: apt-get install ${packageName}`);
    say(`Installing ${packageName}, with which this benchmark compares…`);
    await run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', packageName]).catch(
      () => undefined,
    );
    return await run(program, ['--version']).catch(() => {
      throw new Skipped(`${packageName} could not be installed`);
    });
  });
  return stdout.split('\n')[0]?.replace(/^[a-z]* /, '') ?? '';
}

/** Nothing of a peer stays behind when the benchmark is interrupted. */
async function measured(work: () => Promise<ReadText[]>): Promise<Omit<EngineRun, 'engine'>> {
  atTheEnd(() => stopped.abort());
  const watch = watchTree(process.pid);
  const before = { cpu: endedChildrenCpuSeconds(), ms: performance.now() };
  const idleMemory = process.memoryUsage.rss();
  const read = await work();
  const seconds = (performance.now() - before.ms) / 1000;
  const { peakMemoryBytes } = watch.stop();
  return {
    read,
    seconds,
    cpuSeconds: endedChildrenCpuSeconds() - before.cpu,
    peakMemoryBytes: Math.max(0, peakMemoryBytes - idleMemory),
  };
}

/** Bare recognition of the raw pages by Debian's `tesseract` with its defaults, two processes at a time. */
export async function nativeTesseract(pages: readonly TruePage[]): Promise<EngineRun> {
  const version = await versionOf('tesseract', 'tesseract-ocr');
  const slots = createSlots(2);
  const figures = await measured(() =>
    Promise.all(
      pages.map(page =>
        slots.use(async () => {
          const { stdout } = await run('tesseract', [page.path, 'stdout', '-l', 'rus+eng', 'tsv'], {
            env,
            maxBuffer: mostOutputBytes,
          }).catch(() => {
            say(`  tesseract cannot read ${page.name}: it counts as a page without words`);
            return { stdout: '' };
          });
          return textOf(stdout);
        }),
      ),
    ),
  );
  return { engine: `tesseract ${version}`, ...figures };
}

function textOf(tsv: string): ReadText {
  let text = '';
  let line = 0;
  const words = wordsOf(tsv);
  for (const word of words) {
    if (text !== '') text += word.line === line ? ' ' : '\n';
    text += word.text;
    line = word.line;
  }
  const box = { x: 0, y: 0, width: 0, height: 0 };
  return { text, pages: [{ words: words.map(word => ({ ...word, box })) }] };
}

/** `ocrmypdf --jobs 2` on one PDF that holds the pages as they are. */
export async function ocrmypdf(pages: readonly TruePage[]): Promise<EngineRun> {
  const pictures = await Promise.all(pages.flatMap(page => page.pages).map(asScanned));
  return byFile(pages, await runOcrmypdf('', pictures, []));
}

/** The same on our own cleaned pages and without its own work on pictures (`-O0`). */
export async function ocrmypdfOfCleaned(pages: readonly TruePage[]): Promise<EngineRun> {
  const pictures: Scanned[] = [];
  for (const bytes of pages.flatMap(page => page.pages)) {
    const { grey, dpi } = await cleanPage(bytes);
    const { width, height } = grey;
    const jpeg = await sharp(grey.data, { raw: { width, height, channels: 1 } })
      .jpeg({ quality: 80 })
      .toBuffer();
    pictures.push({ jpeg, width, height, dpi });
  }
  return byFile(pages, await runOcrmypdf(' of our cleaned pages', pictures, ['-O0']));
}

/** What was read page by page, as one text for each file. */
function byFile(files: readonly TruePage[], run: EngineRun): EngineRun {
  const left = [...run.read];
  const read = files.map(({ pages }) => {
    const own = left.splice(0, pages.length);
    return { text: own.map(({ text }) => text).join('\n') };
  });
  return { ...run, read };
}

interface Scanned {
  jpeg: Uint8Array;
  width: number;
  height: number;
  dpi: number;
}

async function asScanned(bytes: Uint8Array): Promise<Scanned> {
  const { format, width, height, density = 300 } = await sharp(bytes).metadata();
  const jpeg = format === 'jpeg' ? bytes : await sharp(bytes).jpeg({ quality: 90 }).toBuffer();
  return { jpeg, width, height, dpi: density < 100 ? 300 : density };
}

async function runOcrmypdf(name: string, pictures: Scanned[], flags: string[]): Promise<EngineRun> {
  const version = await versionOf('ocrmypdf', 'ocrmypdf');
  const folder = await mkdtemp(join(tmpdir(), `okno-bench-${process.pid}-`));
  try {
    const [input, output, sidecar] = ['in.pdf', 'out.pdf', 'text.txt'].map(each => join(folder, each));
    await writeFile(input ?? '', await pdfOf(pictures));
    const figures = await measured(async () => {
      const args = [
        '--jobs',
        '2',
        '-l',
        'rus+eng',
        ...flags,
        '--sidecar',
        sidecar ?? '',
        input ?? '',
        output ?? '',
      ];
      await run('ocrmypdf', args, { env: process.env, maxBuffer: mostOutputBytes });
      return [];
    });
    const text = (await readFile(sidecar ?? '', 'utf8')).split('\f');
    const pdfBytes = (await stat(output ?? '')).size;
    return {
      engine: `ocrmypdf ${version}${name}`,
      ...figures,
      read: pictures.map((_, index) => ({ text: text[index] ?? '' })),
      pdfBytes,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pdfOf(pictures: Scanned[]): Promise<Buffer> {
  const pdf = new PDFDocument({ autoFirstPage: false });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise(resolve => pdf.once('end', resolve));
  for (const { jpeg, ...size } of pictures) {
    const [width, height] = [size.width, size.height].map(pixels => (pixels * pointsPerInch) / size.dpi);
    pdf.addPage({ size: [width ?? 0, height ?? 0], margin: 0 });
    pdf.image(Buffer.from(jpeg), 0, 0, { width: width ?? 0, height: height ?? 0 });
  }
  pdf.end();
  await ended;
  return Buffer.concat(chunks);
}
