import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../protocol/app-error.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import type { DocumentScanner, ScannedPage } from '../driver.ts';
import type { CertificatePin } from './certificate-pin.ts';
import { type EsclCapabilities, readCapabilities } from './escl-capabilities.ts';
import { type EsclAnswer, type EsclRequest, exchange } from './escl-http.ts';
import { type EsclProfile, scanSettings, sourceFor } from './escl-settings.ts';
import { type EsclStatus, esclFault, esclJobFault, readStatus } from './escl-status.ts';

export interface EsclOptions {
  /** Address of the service: `http://scanner.local/eSCL`, or `https:`. */
  url: string;
  profile: EsclProfile;
  pin: CertificatePin;
  /** Milliseconds: for a question, until the first page (lamps warm up), between pages, and until a busy one is given up. */
  timeouts: { questionMs: number; firstPageMs: number; pageMs: number; busyMs: number };
}

const answerBytes = 1024 * 1024;
const defaultRetryMs = 1000;
const mostRetryMs = 10_000;

/**
 * A driverless network scanner (Mopria eSCL, known as AirScan). Pages come as the device sends them; those
 * before a fault are kept: they have been yielded already.
 * @throws AppError `scanner.*` with `pages`; what the signal says when it is aborted.
 */
export function esclScanner(options: EsclOptions): DocumentScanner {
  return { scan: ({ dpi, signal }) => scan(options, dpi, signal) };
}

/** What is wrong with the scanner now, or null. Throws `scanner.absent` and `scanner.timeout`. */
export async function checkEsclScanner(options: EsclOptions): Promise<ErrorCode | null> {
  return esclFault(await statusOf(options, new AbortController().signal)) ?? null;
}

async function* scan(options: EsclOptions, dpi: number, signal: AbortSignal): AsyncGenerator<ScannedPage> {
  signal.throwIfAborted();
  const capabilities = readCapabilities((await question(options, 'ScannerCapabilities', signal)).body);
  const before = await statusOf(options, signal);
  const fault = esclFault(before);
  if (fault) throw new AppError(fault, { pages: 0 });
  const job = await startJob(options, settingsFor(options, capabilities, before, dpi), signal);
  let pages = 0;
  let done = false;
  try {
    for (;;) {
      // What is left in the feeder stays there, as with SANE; the job is deleted below.
      if (pages === limits.documentPages) return;
      const bytes = await nextPage(options, job, pages, signal);
      if (bytes === 'end') break;
      pages++;
      yield { bytes, source: `escl:${new URL(options.url).host}` };
      signal.throwIfAborted();
    }
    const code = esclJobFault(await statusOf(options, signal), job.pathname, pages);
    done = true;
    if (code) throw new AppError(code, { pages });
  } catch (error) {
    throw error instanceof AppError
      ? new AppError(error.code, { ...error.details, pages }, { cause: error })
      : error;
  } finally {
    // Whoever stops in the middle leaves the device free; one that is gone cannot hear it.
    if (!done) await ask(options, { method: 'DELETE', url: job }).catch(() => undefined);
  }
}

function settingsFor(
  options: EsclOptions,
  capabilities: EsclCapabilities,
  status: EsclStatus,
  dpi: number,
): string {
  const loaded = status.feeder === 'ScannerAdfLoaded' || status.feeder === 'ScannerAdfProcessing';
  const source = sourceFor(options.profile.source, capabilities, loaded);
  if (source !== 'flatbed' && status.feeder === 'ScannerAdfEmpty')
    throw new AppError('scanner.no-documents', { pages: 0 });
  const ability = capabilities.sources[source];
  if (!ability) throw new AppError('scanner.fault', { at: 'settings', why: source });
  return scanSettings({ profile: options.profile, source, dpi, ability, version: capabilities.version });
}

/** The address of a new job. While somebody else scans, it is asked again until `busyMs` are over. */
async function startJob(options: EsclOptions, settings: string, signal: AbortSignal): Promise<URL> {
  const endMs = performance.now() + options.timeouts.busyMs;
  for (;;) {
    const answer = await ask(options, {
      method: 'POST',
      url: addressOf(options, 'ScanJobs'),
      body: settings,
      signal,
    });
    const { location } = answer.headers;
    // Of the address only the path counts: many devices name themselves by a name that nobody else knows.
    if (answer.status === 201 && location)
      return new URL(new URL(location, options.url).pathname, options.url);
    if (answer.status !== 503) throw refused('ScanJobs', answer);
    const waitMs = retryAfterMs(answer);
    if (performance.now() + waitMs > endMs) throw new AppError('scanner.busy', { pages: 0 });
    await sleep(waitMs, undefined, { signal });
  }
}

/** 404 is the end of the paper, 410 of the job; 503 means that the page is not there yet. */
async function nextPage(
  options: EsclOptions,
  job: URL,
  pages: number,
  signal: AbortSignal,
): Promise<Buffer | 'end'> {
  const { firstPageMs, pageMs } = options.timeouts;
  const endMs = performance.now() + (pages === 0 ? firstPageMs : pageMs);
  const url = new URL(`${job.pathname}/NextDocument`, job);
  for (;;) {
    const timeoutMs = Math.max(1, Math.ceil(endMs - performance.now()));
    const answer = await ask(options, { url, signal, timeoutMs, mostBytes: limits.pageBytes });
    if (answer.status === 200) return answer.body;
    if (answer.status === 404 || answer.status === 410) return 'end';
    if (answer.status !== 503) {
      const code = esclFault(await statusOf(options, signal));
      throw code ? new AppError(code) : refused('NextDocument', answer);
    }
    const waitMs = retryAfterMs(answer);
    if (performance.now() + waitMs > endMs) throw new AppError('scanner.timeout');
    await sleep(waitMs, undefined, { signal });
  }
}

async function statusOf(options: EsclOptions, signal: AbortSignal): Promise<EsclStatus> {
  return readStatus((await question(options, 'ScannerStatus', signal)).body);
}

async function question(options: EsclOptions, name: string, signal: AbortSignal): Promise<EsclAnswer> {
  const answer = await ask(options, { url: addressOf(options, name), signal });
  if (answer.status === 503) throw new AppError('scanner.busy');
  if (answer.status !== 200) throw refused(name, answer);
  return answer;
}

function ask(
  options: EsclOptions,
  wish: Partial<EsclRequest> & Pick<EsclRequest, 'url'>,
): Promise<EsclAnswer> {
  const { questionMs } = options.timeouts;
  const signal = wish.signal ?? new AbortController().signal;
  return exchange(
    { method: 'GET', timeoutMs: questionMs, mostBytes: answerBytes, ...wish, signal },
    options.pin,
  );
}

function addressOf({ url }: EsclOptions, name: string): URL {
  return new URL(`${url.replace(/\/$/, '')}/${name}`);
}

function refused(at: string, { status }: EsclAnswer): AppError {
  return new AppError('scanner.fault', { at, status });
}

/** RFC 9110 section 10.2.3, in seconds; scanners send no dates. */
function retryAfterMs({ headers }: EsclAnswer): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, mostRetryMs) : defaultRetryMs;
}
