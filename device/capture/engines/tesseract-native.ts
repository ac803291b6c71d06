import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { languages, parameters, portableGreymap, type Reader } from './reader.ts';

const run = promisify(execFile);
/** Without dictionaries a process starts a fifth faster and reads the same. */
const initialParameters = { load_system_dawg: '0', load_freq_dawg: '0' };
const mostOutputBytes = 64 * 1024 * 1024;

/** Whether Debian's `tesseract` is on this machine: a third less work for the same text. */
export async function hasNativeTesseract(): Promise<boolean> {
  return await run('tesseract', ['--version']).then(
    () => true,
    () => false,
  );
}

/** Debian's `tesseract`, a process for each page: a crash costs that page, and no memory stays behind. */
export async function startNativeTesseract(languageDataDir: string): Promise<Reader> {
  const options = Object.entries({ ...parameters, ...initialParameters, tessedit_create_tsv: '1' }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
  const data = ['--tessdata-dir', languageDataDir, '-l', languages];
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
  await reader.read({ data: new Uint8Array(64 * 64).fill(255), width: 64, height: 64 }, 200);
  return reader;
}
