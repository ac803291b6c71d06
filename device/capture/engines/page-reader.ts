import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Grey } from '../steps/grey.ts';
import { emptyPicture, type Languages, languages, type NativeParameters, type Reader } from './reader.ts';

/** Compiled by `provisioning/setup/page-reader.cjs`; not there where libtesseract has no headers. */
export const compiledPageReader = fileURLToPath(new URL('./page-reader/page-reader', import.meta.url));
const mostOutputBytes = 64 * 1024 * 1024;
/** The library's memory only grows a little; a fresh process also forgets what a large page took. */
const mostPages = 200;
const largePixels = 6_000_000;

type Process = ChildProcessByStdio<Writable, Readable, null>;

/** How the network that reads lines is computed: by our code for this processor, or by the library. */
export type Kernel = 'any' | 'avx512' | 'avx2' | 'library';

export interface PageReader extends Reader {
  /** Lines of print that the library computed itself since its process began: of each model the first ones. */
  readonly linesByLibrary: number;
}

/**
 * Our program around libtesseract (`page-reader.c`): one process for many pages, which loads the models once.
 * Rejects when the library or its language data are not fit for it.
 */
export async function startPageReader(
  dataDir: string,
  parameters: NativeParameters,
  {
    kernel = 'any',
    program = compiledPageReader,
    read = languages,
  }: { kernel?: Kernel; program?: string; read?: Languages } = {},
): Promise<PageReader> {
  const args = [dataDir, read, kernel, ...Object.entries(parameters).map(each => each.join('='))];
  let child: Process | undefined;
  let pages = 0;
  let linesByLibrary = 0;

  function start(): Process {
    const started = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    // One that ends between two pages must not be given the next one.
    const forget = () => {
      if (child === started) child = undefined;
    };
    started.once('close', forget).on('error', forget);
    // A process that ends early closes its input; its status says why.
    started.stdin.on('error', () => undefined);
    pages = 0;
    return started;
  }

  const reader: PageReader = {
    get linesByLibrary() {
      return linesByLibrary;
    },
    async read(grey, dpi) {
      child ??= start();
      const reading = child;
      const { table, ...found } = await oneTable(reading, grey, dpi);
      linesByLibrary = found.linesByLibrary;
      if (++pages >= mostPages || grey.data.length > largePixels) {
        // It has nothing left to read and ends.
        reading.stdin.end();
        child = undefined;
      }
      return table;
    },
    stop: async () => {
      child?.kill('SIGKILL');
    },
  };
  // Broken data shows at the start and not at the first page.
  await reader.read(emptyPicture, 200);
  return reader;
}

interface Told {
  table: string;
  linesByLibrary: number;
}

/** Sends one page and waits for its table; rejects when the process ends or tells something else. */
async function oneTable(child: Process, { data, width, height }: Grey, dpi: number): Promise<Told> {
  const { stdin, stdout } = child;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let wantedBytes: number | undefined;
  let linesByLibrary = 0;
  return await new Promise<Told>((resolve, reject) => {
    const done = (told: Told | Error) => {
      stdout.off('data', take);
      child.off('error', done).off('close', ended);
      if (told instanceof Error) reject(told);
      else resolve(told);
    };
    const ended = (status: number | null) => done(new Error('the page reader ended', { cause: { status } }));
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (wantedBytes === undefined) {
        const said = Buffer.concat(chunks);
        const head = said.indexOf('\n');
        if (head < 0) return;
        const [tableBytes = Number.NaN, lines = Number.NaN] = said
          .toString('latin1', 0, head)
          .split(' ')
          .map(Number);
        wantedBytes = head + 1 + tableBytes;
        linesByLibrary = lines;
      }
      if (wantedBytes <= mostOutputBytes && sizeBytes < wantedBytes) return;
      const said = Buffer.concat(chunks);
      if (sizeBytes === wantedBytes)
        done({ table: said.toString('utf8', said.indexOf('\n') + 1), linesByLibrary });
      else done(new Error('the page reader said something else', { cause: { sizeBytes, wantedBytes } }));
    };
    child.once('error', done).once('close', ended);
    stdout.on('data', take);
    stdin.write(`${width} ${height} ${Math.round(dpi)}\n`);
    stdin.write(data);
  });
}
