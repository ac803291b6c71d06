import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../protocol/app-error.ts';
import { limits } from '../../../protocol/limits.ts';
import type { DocumentScanner, ScannedPage } from '../driver.ts';
import { type Ended, saneFault } from './sane-status.ts';
import { type Scan, startScan } from './scan-process.ts';

export { listSaneDevices } from './sane-devices.ts';

export interface SaneOptions {
  /** Name that SANE gives the device: `test:0`, `airscan:e0:…`. */
  device: string;
  /** Folder with `dll.conf`; a short one keeps SANE from asking every backend it has. */
  configDir?: string;
  /** The program, when it is not the `scanimage` of the search path. */
  scanimage?: string;
  /** Source as the device names it; one with a feeder is emptied, any other gives one page. */
  source?: string;
  /** Further options of the device, such as `['--mode', 'Color', '-x', '210']`. */
  extraArgs?: string[];
  /** Folder for pages on their way; the system's temporary folder when left out. */
  workDir?: string;
  /** Milliseconds until the first page (lamps warm up), between pages, and until the end after the last one. */
  timeouts: { firstPageMs: number; pageMs: number; endMs: number };
}

/**
 * A scanner through SANE's own program, in a process of its own: backends crash and hang. Pages come as
 * JPEG, so that nothing is coded twice. Pages before a fault are kept: they have been yielded already.
 * @throws AppError `scanner.*` with `pages`; what the signal says when it is aborted.
 */
export function saneScanner(options: SaneOptions): DocumentScanner {
  return { scan: ({ dpi, signal }) => scan(options, dpi, signal) };
}

async function* scan(options: SaneOptions, dpi: number, signal: AbortSignal): AsyncGenerator<ScannedPage> {
  signal.throwIfAborted();
  // Readable by us only: pages are personal data. Gone when the scan ends, however it ends.
  const folder = await mkdtemp(join(options.workDir ?? tmpdir(), 'okno-scan-'));
  const running = startScan(
    options.scanimage ?? 'scanimage',
    commandLine(options, dpi, folder),
    options.configDir,
    options.timeouts.endMs,
  );
  const abort = () => running.kill();
  signal.addEventListener('abort', abort, { once: true });
  let pages = 0;
  try {
    for (;;) {
      const next = await withWatchdog(
        running,
        pages === 0 ? options.timeouts.firstPageMs : options.timeouts.pageMs,
      );
      signal.throwIfAborted();
      if (next === 'late') throw new AppError('scanner.timeout', { pages });
      if (next.kind === 'ended') return finish(next, pages);
      const bytes = await readFile(next.file);
      await rm(next.file);
      pages++;
      yield { bytes, source: `sane:${options.device}` };
      signal.throwIfAborted();
    }
  } finally {
    signal.removeEventListener('abort', abort);
    running.kill();
    await running.gone;
    await rm(folder, { recursive: true, force: true });
  }
}

function finish(ended: Ended, pages: number): void {
  if (ended.missingProgram) {
    throw new AppError('setup.package-missing', {
      package: 'sane-utils',
      command: 'apt-get install sane-utils',
    });
  }
  const fault = saneFault(ended, pages);
  if (fault !== undefined) throw new AppError(fault, { pages, exit: ended.exitCode });
}

function commandLine(options: SaneOptions, dpi: number, folder: string): string[] {
  const feeder = options.source !== undefined && /feeder|adf|duplex/i.test(options.source);
  return [
    `--device-name=${options.device}`,
    '--format=jpeg',
    `--batch=${join(folder, 'page-%d.jpg')}`,
    '--batch-print',
    // Without a count a flatbed is scanned for ever.
    `--batch-count=${feeder ? limits.documentPages : 1}`,
    ...(options.source === undefined ? [] : [`--source=${options.source}`]),
    `--resolution=${dpi}`,
    ...(options.extraArgs ?? []),
  ];
}

async function withWatchdog(
  running: Scan,
  timeoutMs: number,
): Promise<Awaited<ReturnType<Scan['next']>> | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  try {
    return await Promise.race([running.next(), late]);
  } finally {
    clearTimeout(timer);
  }
}
