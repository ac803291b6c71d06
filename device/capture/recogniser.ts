import { createHash } from 'node:crypto';
import { createSlots } from '../../platform/slots.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { Turn } from '../../protocol/values.ts';
import { compiledPageReader } from './engines/page-reader.ts';
import { hasNativeTesseract } from './engines/tesseract-native.ts';
import type { Answer, HostSettings, PageAnswer, Request } from './host/messages.ts';
import { type CaptureLog, HostEnded, type HostProcess, startHost } from './host-process.ts';
import { getLanguageDataDir } from './language-data.ts';
import type { ReadPages } from './read-pages.ts';
import type {
  DocumentDescription,
  PageTrouble,
  Recognised,
  RecognisedPage,
  Recogniser,
  StoredPage,
} from './recognised.ts';

export interface RecogniserOptions {
  /** When left out: Debian's `tesseract` when the box has it, which needs a third less time; else tesseract.js. */
  engine?: HostSettings['engine'];
  /** Program that reads pages; the one that set-up compiled when left out. */
  pageReader?: string;
  /** Folder of `rus.traineddata` and `eng.traineddata`; Debian's place when left out. */
  languageDataDir?: string;
  /** Pages read at the same time; 2 when left out. Each takes a core and some 150 MB. */
  workers?: number;
  /** Longest time that the reading of one page may take. */
  pageTimeoutMs: number;
  /** Longest silence over one request, its waits included, after which the process is taken for hung. */
  silenceMs?: number;
  /** Where pages that were read are kept; without it every document is read anew. */
  readPages?: ReadPages;
  /** After each page that was read. */
  onRead?: () => void;
  log?: CaptureLog;
}

/** The engine's memory only grows; above this a fresh process is started for the next document. */
const mostMemoryBytes = 700 * 1024 ** 2;

/** A page as the process answered it; without a picture it is damaged. */
type Outcome = { page: RecognisedPage; blank: boolean; picture: PageAnswer['picture'] | null };

/**
 * Recognition in a process of its own, started by the first page or by `warmUp`. When that dies, a new one
 * takes over: the pages that were under way are read once more, one after the other, so that the page that
 * killed it is found and no other one pays.
 */
export function createRecogniser(options: RecogniserOptions): Recogniser {
  const workers = options.workers ?? 2;
  const silenceMs = options.silenceMs ?? 30_000 + 5 * options.pageTimeoutMs;
  // One more than workers: a page is decoded while the engine is busy with the one before.
  const slots = createSlots(workers + 1);
  const suspects = createSlots(1);
  const { readPages } = options;
  const underWay = new Map<string, Promise<Outcome>>();
  let starting: Promise<HostProcess> | undefined;
  let current: HostProcess | undefined;
  let running = 0;
  let stopped = false;
  let readsSlowly = false;

  function host(): Promise<HostProcess> {
    if (current?.ended !== undefined) starting = undefined;
    starting ??= launch();
    return starting;
  }

  async function launch(): Promise<HostProcess> {
    try {
      if (stopped) throw new AppError('capture.engine-failed');
      const languageDataDir = getLanguageDataDir(options.languageDataDir);
      const { pageTimeoutMs } = options;
      const engine = options.engine ?? ((await hasNativeTesseract()) ? 'tesseract' : 'tesseract-js');
      const pageReader = options.pageReader ?? compiledPageReader;
      readsSlowly = false;
      current = await startHost(
        { engine, languageDataDir, pageReader, workers, pageTimeoutMs },
        options.log,
        why => {
          if (!readsSlowly)
            options.log?.warn(
              { code: 'capture.page-reader-missing', why },
              'pages are read by a slower program',
            );
          readsSlowly = true;
        },
      );
      return current;
    } catch (error) {
      starting = undefined;
      throw error;
    }
  }

  /** The answer, or how the process ended over it. */
  async function ask(request: Request): Promise<Answer | 'crashed' | 'hung'> {
    try {
      return await (await host()).request(request, silenceMs);
    } catch (error) {
      if (!(error instanceof HostEnded)) throw error;
      if (error.reason !== 'stopped') return error.reason;
      // A process that grew too large was ended just when this came; a new one takes it.
      return await ask(request);
    }
  }

  /** A page that is being read already is waited for. */
  function readPage({ sha256, read }: StoredPage, turn: Turn, alone: boolean): Promise<Outcome> {
    const key = `${sha256} ${turn}`;
    const reading =
      underWay.get(key) ??
      rememberOr(sha256, turn, async () => readNow(await read(), turn, alone)).finally(() =>
        underWay.delete(key),
      );
    underWay.set(key, reading);
    return reading;
  }

  async function rememberOr(sha256: string, turn: Turn, read: () => Promise<Outcome>): Promise<Outcome> {
    const known = await readPages?.find(sha256, turn);
    if (known) return known;
    const { page, blank, picture } = await read();
    if (readPages && picture && page.trouble === undefined)
      await readPages
        .keep(sha256, turn, { page, blank, picture })
        .catch((error: unknown) => options.log?.warn({ err: error }, 'a page that was read cannot be kept'));
    options.onRead?.();
    return { page, blank, picture };
  }

  async function readNow(bytes: Uint8Array, turn: Turn, alone: boolean): Promise<Outcome> {
    const request: Request = { kind: 'page', bytes, turn, alone, pictureOnly: false };
    const ended = await slots.use(() => ask(request));
    if (typeof ended !== 'string') return outcome(ended);
    return await suspects.use(async () => {
      const again = await slots.use(() => ask(request));
      if (typeof again !== 'string') return outcome(again);
      const trouble = again === 'hung' ? 'capture.timeout' : 'capture.engine-failed';
      const picture = await slots.use(() => ask({ ...request, pictureOnly: true }));
      return typeof picture === 'string' ? damaged() : outcome(picture, trouble);
    });
  }

  async function recognise(
    pages: readonly (Uint8Array | StoredPage)[],
    description: DocumentDescription,
  ): Promise<Recognised> {
    if (pages.length === 0) throw new AppError('capture.empty');
    running++;
    try {
      await host();
      // A long document asks for few slots at a time, so that a short one gets its turn in between.
      const turns = createSlots(workers + 1);
      const read = await Promise.allSettled(
        pages.map((page, index) =>
          turns.use(() => readPage(stored(page), description.turns?.[index] ?? 0, pages.length === 1)),
        ),
      );
      const outcomes = read.map(each => {
        if (each.status === 'rejected') throw each.reason;
        return each.value;
      });
      const [first] = outcomes;
      if (first?.page.trouble !== undefined && outcomes.every(({ page }) => page.trouble !== undefined))
        throw new AppError(first.page.trouble);
      return { ...summary(outcomes), ...(await document(outcomes, description)) };
    } finally {
      running--;
    }
  }

  async function document(
    outcomes: Outcome[],
    { title, createdAt }: DocumentDescription,
  ): Promise<Pick<Recognised, 'pdf' | 'fields'>> {
    const request: Request = {
      kind: 'document',
      pages: outcomes.map(({ picture }) => picture),
      barcodes: outcomes.map(({ page }) => page.barcodes),
      title,
      createdAt,
    };
    let answer = await ask(request);
    if (typeof answer === 'string') answer = await ask(request);
    if (typeof answer !== 'string' && answer.kind === 'not-archivable')
      throw new AppError('capture.not-archivable', { problems: answer.problems.join('; ') });
    if (typeof answer === 'string' || answer.kind !== 'document') throw new AppError('capture.engine-failed');
    if (answer.memoryBytes > mostMemoryBytes && running === 1) await current?.stop();
    return { pdf: answer.pdf, fields: answer.fields };
  }

  return {
    recognise,
    async readAhead(page) {
      running++;
      try {
        // Its troubles come once more with its document, and are told then.
        await readPage(stored(page), 0, false).catch(() => undefined);
      } finally {
        running--;
      }
    },
    isRead: (sha256, turn) => readPages?.has(sha256, turn) ?? false,
    readsSlowly: () => readsSlowly,
    warmUp: async () => {
      await host();
    },
    stop: async () => {
      stopped = true;
      const process = await starting?.catch(() => undefined);
      starting = undefined;
      await process?.stop();
    },
  };
}

function stored(page: Uint8Array | StoredPage): StoredPage {
  if (!(page instanceof Uint8Array)) return page;
  return { sha256: createHash('sha256').update(page).digest('hex'), read: async () => page };
}

function outcome(answer: Answer, trouble?: PageTrouble): Outcome {
  if (answer.kind !== 'page') return damaged();
  const { page, blank, picture } = answer;
  return { page: trouble === undefined ? page : { ...page, trouble }, blank, picture };
}

function damaged(): Outcome {
  const page = { text: '', width: 0, height: 0, words: [], trouble: 'capture.damaged' as const };
  return { page, blank: false, picture: null };
}

function summary(outcomes: Outcome[]): Omit<Recognised, 'pdf' | 'fields'> {
  const pages = outcomes.map(({ page }) => page);
  const words = pages.flatMap(page => page.words);
  const characters = words.reduce((sum, word) => sum + word.text.length, 0);
  const weighted = words.reduce((sum, word) => sum + word.confidence * word.text.length, 0);
  return {
    pages,
    characters,
    confidence: characters === 0 ? 0 : weighted / characters,
    blankPages: outcomes.flatMap(({ blank }, page) => (blank ? [page] : [])),
  };
}
