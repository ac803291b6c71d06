import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { startPageReader } from './page-reader.ts';
import {
  emptyPicture,
  type Languages,
  languages,
  nativeParameters,
  portableGreymap,
  type Reader,
} from './reader.ts';

const run = promisify(execFile);
const mostOutputBytes = 64 * 1024 * 1024;

/** Whether Debian's `tesseract` is on this machine: a third less work for the same text. */
export async function hasNativeTesseract(): Promise<boolean> {
  return await run('tesseract', ['--version']).then(
    () => true,
    () => false,
  );
}

/**
 * Debian's tesseract: by our own program where that was compiled and can start, else by the one of Debian, which
 * takes twice the time. `fellBack` then hears why: it was not compiled, or against another library than is here now.
 */
export async function startNativeTesseract(
  languageDataDir: string,
  pageReader: string,
  read: Languages,
  fellBack: (why: Error) => void,
): Promise<Reader> {
  try {
    return await startPageReader(languageDataDir, nativeParameters, { program: pageReader, read });
  } catch (error) {
    const reader = await startTesseractProgram(languageDataDir, read);
    fellBack(error instanceof Error ? error : new Error(String(error)));
    return reader;
  }
}

/** Debian's `tesseract`, a process for each page. Rejects when its language data is broken. */
export async function startTesseractProgram(
  languageDataDir: string,
  read: Languages = languages,
): Promise<Reader> {
  const options = Object.entries({ ...nativeParameters, tessedit_create_tsv: '1' }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
  const data = ['--tessdata-dir', languageDataDir, '-l', read];
  let running: AbortController | undefined;

  const reader: Reader = {
    async read(grey, dpi) {
      running = new AbortController();
      const child = spawn(
        'tesseract',
        ['stdin', 'stdout', ...data, '--oem', '1', '--dpi', String(Math.round(dpi)), ...options],
        {
          // More threads of its own cost 46–63 % more processor time and win nothing.
          env: { ...process.env, OMP_THREAD_LIMIT: '1' },
          stdio: ['pipe', 'pipe', 'ignore'],
          signal: running.signal,
          killSignal: 'SIGKILL',
        },
      );
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      return await new Promise<string>((resolve, reject) => {
        child.once('error', reject);
        // A process that ends early closes its input; its status says why.
        child.stdin.on('error', () => undefined);
        child.stdout.on('data', (chunk: Buffer) => {
          sizeBytes += chunk.length;
          if (sizeBytes > mostOutputBytes) child.kill('SIGKILL');
          else chunks.push(chunk);
        });
        child.once('close', status => {
          if (status === 0) resolve(Buffer.concat(chunks).toString('utf8'));
          else reject(new Error('tesseract failed', { cause: { status } }));
        });
        child.stdin.end(portableGreymap(grey));
      });
    },
    stop: async () => running?.abort(),
  };
  // Broken data shows at the start and not at the first page.
  await reader.read(emptyPicture, 200);
  return reader;
}
