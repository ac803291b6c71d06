import { AppError } from '../../protocol/app-error.ts';
import { findFields } from './fields.ts';
import type { Answer, Request } from './host/messages.ts';
import { type CaptureLog, HostEnded, type HostProcess, startHost } from './host-process.ts';
import { getLanguageDataDir } from './language-data.ts';
import type { DocumentDescription, Recognised, Recogniser } from './recognised.ts';
import { createSlots } from './slots.ts';

type PageAnswer = Extract<Answer, { kind: 'page' }>;

export interface RecogniserOptions {
  /** Folder of `rus.traineddata` and `eng.traineddata`; Debian's place when left out. */
  languageDataDir?: string;
  /** Pages read at the same time; 2 when left out. Each takes a core and some 200 MB. */
  workers?: number;
  /** Longest time that one page may take, its wait for a free worker included. */
  pageTimeoutMs: number;
  log?: CaptureLog;
}

/** The engine's memory only grows; above this a fresh process is started for the next document. */
const mostMemoryBytes = 900 * 1024 ** 2;
/** Times that one document is begun again because another document's page had to be given up. */
const mostRestarts = 3;

/**
 * Recognition in a process of its own, started by the first page or by `warmUp`. A crash or a time-out
 * there costs the document under way an error, never the box; the next call starts a new process.
 */
export function createRecogniser(options: RecogniserOptions): Recogniser {
  const workers = options.workers ?? 2;
  // One more than workers: a page is decoded while the engine is busy with the one before.
  const slots = createSlots(workers + 1);
  let starting: Promise<HostProcess> | undefined;
  let current: HostProcess | undefined;
  let lastJob = 0;
  let running = 0;

  function host(): Promise<HostProcess> {
    if (current?.ended !== undefined) starting = undefined;
    starting ??= launch();
    return starting;
  }

  async function launch(): Promise<HostProcess> {
    try {
      const languageDataDir = getLanguageDataDir(options.languageDataDir);
      current = await startHost({ languageDataDir, workers }, options.log);
      return current;
    } catch (error) {
      starting = undefined;
      throw error;
    }
  }

  async function recognise(pages: Uint8Array[], description: DocumentDescription): Promise<Recognised> {
    if (pages.length === 0) throw new AppError('capture.empty');
    running++;
    try {
      for (let restarts = 0; ; restarts++) {
        try {
          return await attempt(await host(), pages, description);
        } catch (error) {
          if (!(error instanceof HostEnded)) throw error;
          if (error.reason !== 'timed-out' || restarts === mostRestarts)
            throw new AppError('capture.engine-failed');
        }
      }
    } finally {
      running--;
    }
  }

  async function attempt(process: HostProcess, pages: Uint8Array[], description: DocumentDescription) {
    const job = ++lastJob;
    try {
      const answers = await readPages(process, job, pages);
      const { title, createdAt } = description;
      const last = await ask(process, { kind: 'finish', job, title, createdAt }, pages.length - 1);
      if (last.kind !== 'document') throw new AppError('capture.engine-failed');
      if (last.memoryBytes > mostMemoryBytes && running === 1) await process.stop();
      return summary(answers, last.pdf, createdAt);
    } catch (error) {
      // When this fails too, the process has gone and took the pages with it.
      await process.request({ kind: 'forget', job }, options.pageTimeoutMs).catch(() => undefined);
      throw error;
    }
  }

  /** All answers, or the error that came first once nothing of the job is under way any more. */
  async function readPages(process: HostProcess, job: number, pages: Uint8Array[]): Promise<PageAnswer[]> {
    const failed = new AbortController();
    // A long document asks for few slots at a time, so that a short one gets its turn in between.
    const turns = createSlots(workers + 1);
    const read = async (bytes: Uint8Array, page: number): Promise<PageAnswer | undefined> => {
      try {
        failed.signal.throwIfAborted();
        const answer = await ask(process, { kind: 'page', job, page, bytes }, page);
        if (answer.kind !== 'page') throw new AppError('capture.engine-failed', { page });
        return answer;
      } catch (error) {
        failed.abort(error);
        return undefined;
      }
    };
    const answers = await Promise.all(
      pages.map((bytes, page) => turns.use(() => slots.use(() => read(bytes, page)))),
    );
    failed.signal.throwIfAborted();
    return answers.filter(answer => answer !== undefined);
  }

  async function ask(process: HostProcess, request: Request, page: number): Promise<Answer> {
    try {
      const answer = await process.request(request, options.pageTimeoutMs);
      if (answer.kind === 'failed') throw new AppError(answer.code, { page });
      return answer;
    } catch (error) {
      if (error instanceof AppError && error.code === 'capture.timeout')
        throw new AppError(error.code, { page });
      throw error;
    }
  }

  return {
    recognise,
    warmUp: async () => {
      await host();
    },
    stop: async () => {
      const process = await starting?.catch(() => undefined);
      starting = undefined;
      await process?.stop();
    },
  };
}

function summary(answers: PageAnswer[], pdf: Uint8Array, asOf: Date): Recognised {
  const pages = answers.map(each => each.page);
  const words = pages.flatMap(page => page.words);
  const characters = words.reduce((sum, word) => sum + word.text.length, 0);
  const weighted = words.reduce((sum, word) => sum + word.confidence * word.text.length, 0);
  return {
    pdf,
    pages,
    characters,
    confidence: characters === 0 ? 0 : weighted / characters,
    fields: findFields(pages, asOf),
    blankPages: answers.flatMap((answer, page) => (answer.blank ? [page] : [])),
  };
}
