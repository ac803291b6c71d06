import { createWorker, OEM, type Page, PSM, type Worker as TesseractWorker } from 'tesseract.js';
import type { Grey } from '../grey.ts';
import type { RecognisedPage } from '../recognised.ts';
import type { HostSettings } from './messages.ts';
import { pageOf } from './words.ts';

export interface Engine {
  /** Waits for a free worker; rejects when the engine cannot read the page. */
  read(grey: Grey, dpi: number): Promise<RecognisedPage>;
}

/**
 * Workers of tesseract.js, each in a thread of its own. The first is started here, so that missing or
 * broken language data shows at once; the others when a page would have to wait.
 */
export async function startEngine(settings: HostSettings): Promise<Engine> {
  const free: TesseractWorker[] = [await startWorker(settings.languageDataDir)];
  const waiting: ((worker: TesseractWorker) => void)[] = [];
  let started = 1;

  async function take(): Promise<TesseractWorker> {
    const worker = free.pop();
    if (worker !== undefined) return worker;
    if (started < settings.workers) {
      started++;
      return await startWorker(settings.languageDataDir);
    }
    return await new Promise(resolve => waiting.push(resolve));
  }

  function giveBack(worker: TesseractWorker): void {
    const next = waiting.shift();
    if (next === undefined) free.push(worker);
    else next(worker);
  }

  return {
    async read(grey, dpi) {
      const worker = await take();
      try {
        // Without the true resolution the engine guesses and misreads (CER 1.7 → 4.3 % measured).
        await worker.setParameters({ user_defined_dpi: String(Math.round(dpi)) });
        const { data } = await worker.recognize(portableGreymap(grey), {}, { text: true, blocks: true });
        return pageOf(data as Page, grey.width, grey.height);
      } finally {
        giveBack(worker);
      }
    },
  };
}

/**
 * The promise of tesseract.js never settles when its data is missing; only the error handler speaks then.
 * Without that handler a bad picture would end the process. `gzip` and `cacheMethod` keep it from asking
 * for a packed file and from writing into the current folder.
 */
function startWorker(languageDataDir: string): Promise<TesseractWorker> {
  return new Promise((resolve, reject) => {
    createWorker('rus+eng', OEM.LSTM_ONLY, {
      langPath: languageDataDir,
      gzip: false,
      cacheMethod: 'none',
      errorHandler: (reason: unknown) => reject(new Error('the engine does not start', { cause: reason })),
    }).then(async worker => {
      await worker.setParameters({ tessedit_pageseg_mode: PSM.AUTO, tessedit_do_invert: '0' });
      resolve(worker);
    }, reject);
  });
}

/** Binary PGM: the one format that the engine takes without decoding. */
function portableGreymap(grey: Grey): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${grey.width} ${grey.height}\n255\n`), grey.data]);
}
