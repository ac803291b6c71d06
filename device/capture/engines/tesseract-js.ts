import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Languages, languages, parameters, portableGreymap, type Reader } from './reader.ts';
import type { FromThread, ThreadData, ToThread } from './tesseract-thread.ts';

/** Machine code and its source are the same for all threads: each would hold six megabytes more. */
let compiling: Promise<ThreadData['compiled']> | undefined;
async function compileCore(scriptPath: string): Promise<ThreadData['compiled']> {
  return await WebAssembly.compile(await readFile(scriptPath.replace(/\.js$/, '.wasm')));
}

/**
 * A thread with tesseract.js's WebAssembly: the engine of every box. Rejects when the language data is broken.
 * The program around it is ours, `tesseract-thread.ts`: that of tesseract.js holds each page five times and the
 * language data twice, until its thread happens to clean up (ADR 54).
 */
export async function startTesseractJs(
  languageDataDir: string,
  read: Languages = languages,
): Promise<Reader> {
  // The build for LSTM networks alone, with vector instructions (SSE 4.1, NEON).
  const scriptPath = fileURLToPath(
    import.meta.resolve('tesseract.js-core/tesseract-core-relaxedsimd-lstm.js'),
  );
  compiling ??= compileCore(scriptPath);
  const languageFiles = read.split('+').map(name => join(languageDataDir, `${name}.traineddata`));
  const workerData: ThreadData = {
    scriptPath,
    compiled: await compiling,
    languages: read,
    languageFiles,
    parameters,
  };
  const thread = new Worker(new URL('./tesseract-thread.ts', import.meta.url), { workerData });

  /** What the thread says next. Rejects when it ends instead: whatever it throws ends it. */
  function answer(): Promise<FromThread> {
    return new Promise((resolve, reject) => {
      const done = () => thread.off('message', heard).off('error', failed).off('exit', failed);
      const heard = (message: FromThread) => {
        done();
        resolve(message);
      };
      const failed = (cause: unknown) => {
        done();
        reject(new Error('the engine failed', { cause }));
      };
      thread.on('message', heard).on('error', failed).on('exit', failed);
    });
  }

  // Nobody may be waiting when a thread ends; the next reading finds it gone.
  thread.on('error', () => undefined);
  let ended = false;
  thread.on('exit', () => {
    ended = true;
  });
  await answer();
  return {
    async read(grey, dpi) {
      if (ended) throw new Error('the engine has ended');
      const file = portableGreymap(grey);
      const message: ToThread = { file, dpi };
      thread.postMessage(message, [file.buffer]);
      return await answer();
    },
    stop: async () => {
      await thread.terminate();
    },
  };
}
