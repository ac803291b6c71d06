import { createWorker, OEM, type Worker as TesseractWorker } from 'tesseract.js';
import { languages, parameters, portableGreymap, type Reader } from './reader.ts';

/** A thread with tesseract in WebAssembly: the engine of every box. Rejects when the language data is broken. */
export async function startTesseractJs(languageDataDir: string): Promise<Reader> {
  let onError: (reason: Error) => void = () => undefined;
  const worker = await new Promise<TesseractWorker>((resolve, reject) => {
    onError = reject;
    /*
     * The promise of tesseract.js never settles when its data is missing; only the error handler speaks
     * then. Without that handler a bad picture would end the process. `gzip` and `cacheMethod` keep it
     * from asking for a packed file and from writing into the current folder.
     */
    createWorker(languages, OEM.LSTM_ONLY, {
      langPath: languageDataDir,
      gzip: false,
      cacheMethod: 'none',
      errorHandler: (reason: unknown) => onError(new Error('the engine failed', { cause: reason })),
    }).then(resolve, reject);
  });
  await worker.setParameters({ ...parameters } as Parameters<TesseractWorker['setParameters']>[0]);
  return {
    async read(grey, dpi) {
      const failed = new Promise<never>((_, reject) => {
        onError = reject;
      });
      failed.catch(() => undefined);
      const read = async () => {
        await worker.setParameters({ user_defined_dpi: String(Math.round(dpi)) });
        const { data } = await worker.recognize(portableGreymap(grey), {}, { text: false, tsv: true });
        return data.tsv ?? '';
      };
      return await Promise.race([read(), failed]);
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}
