import { fileURLToPath } from 'node:url';
import { pageSetFolder } from '../../fixtures/page-set/page-set.ts';
import { say } from './figures.ts';
import { startProgram } from './programs.ts';

/** Both workers of a recogniser read pages meanwhile, with the engine that every box has. */
export async function whileRecognising<T>(work: () => Promise<T>): Promise<T> {
  const folder = fileURLToPath(await pageSetFolder(say));
  const reading = await startProgram<{ ready: true }>('recognising', [folder, 'tesseract-js']);
  await reading.heard;
  try {
    return await work();
  } finally {
    await reading.stop();
  }
}
