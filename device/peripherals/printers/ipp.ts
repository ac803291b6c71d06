import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../protocol/app-error.ts';
import type { DocumentPrinter } from '../driver.ts';
import { exchangeIpp } from './ipp-exchange.ts';
import {
  attribute,
  findBoolean,
  findGroup,
  findNumber,
  groupTag,
  type IppAttribute,
  type IppGroup,
  type IppMessage,
  jobState,
  operation,
  printerState,
  status,
  stringsOf,
} from './ipp-message.ts';
import { endedError, stoppedError, waitsForPeople } from './ipp-reasons.ts';

const printerAttributes = [
  'printer-name',
  'printer-state',
  'printer-state-reasons',
  'printer-is-accepting-jobs',
  'document-format-supported',
];
const pollEveryMs = 250;

/**
 * An A4 printer that speaks IPP 1.1 or later and takes PDF (RFC 8011; every IPP Everywhere printer and
 * CUPS queue does). `url` is `ipp://host:631/ipp/print`. `timeoutMs` bounds each answer, `jobTimeoutMs`
 * the whole job with the time it waits behind others; 5 minutes when not given.
 *
 * `print` resolves when the printer says that the job is completed. When it throws
 * `printer.document-unconfirmed` sheets may have come out; after any other error the job was not taken
 * or was withdrawn, so that printing again cannot double it.
 */
export function ippPrinter(options: {
  url: string;
  timeoutMs: number;
  jobTimeoutMs?: number;
}): DocumentPrinter {
  const url = httpUrl(options.url);
  const jobTimeoutMs = options.jobTimeoutMs ?? 300_000;
  let lastRequestId = 0;

  async function ask(
    code: number,
    extra: IppAttribute[],
    job: IppGroup[] = [],
    data: Uint8Array = new Uint8Array(),
  ) {
    const message: IppMessage = {
      version: { major: 1, minor: 1 },
      code,
      requestId: ++lastRequestId,
      groups: [
        {
          tag: groupTag.operation,
          attributes: [
            attribute('attributes-charset', 'charset', 'utf-8'),
            attribute('attributes-natural-language', 'naturalLanguage', 'ru'),
            attribute('printer-uri', 'uri', options.url),
            ...extra,
          ],
        },
        ...job,
      ],
      data,
    };
    return exchangeIpp(url, message, { timeoutMs: options.timeoutMs });
  }

  async function look(): Promise<IppGroup> {
    const answer = await ask(operation.getPrinterAttributes, [
      attribute('requested-attributes', 'keyword', ...printerAttributes),
    ]);
    const printer = findGroup(answer, 'printer');
    if (!succeeded(answer) || !printer) throw refused(answer);
    return printer;
  }

  async function submit(pdf: Uint8Array, title: string): Promise<number> {
    const answer = await ask(
      operation.printJob,
      [
        user,
        attribute('job-name', 'name', shortened(title)),
        attribute('ipp-attribute-fidelity', 'boolean', false),
        attribute('document-format', 'mimeMediaType', 'application/pdf'),
      ],
      [
        {
          tag: groupTag.job,
          attributes: [
            attribute('copies', 'integer', 1),
            attribute('media', 'keyword', 'iso_a4_210x297mm'),
            // Sheets are numbered and stitched: a text on the back would not be counted.
            attribute('sides', 'keyword', 'one-sided'),
          ],
        },
      ],
      pdf,
    );
    if (!succeeded(answer)) throw refused(answer);
    const id = findNumber(findGroup(answer, 'job'), 'job-id');
    if (id === undefined) throw new AppError('printer.document-unconfirmed', { reason: 'no job-id' });
    return id;
  }

  /** One look at the job; true when it is completed. Throws when it never will be. */
  async function isCompleted(jobId: number): Promise<boolean> {
    const answer = await ask(operation.getJobAttributes, [
      attribute('job-id', 'integer', jobId),
      user,
      attribute('requested-attributes', 'keyword', 'job-state', 'job-state-reasons'),
    ]);
    const job = findGroup(answer, 'job');
    // Some printers forget a job as soon as it is done: then nobody can say how it ended.
    if (!succeeded(answer) || !job) throw new AppError('printer.document-unconfirmed', { jobId });
    const state = findNumber(job, 'job-state');
    if (state === jobState.completed) return true;
    if (state === jobState.aborted || state === jobState.canceled) throw endedError(job, state);
    if (state === jobState.held && waitsForPeople(job)) throw stoppedError(job, job);
    const printer = await look();
    if (state === jobState.stopped || findNumber(printer, 'printer-state') === printerState.stopped)
      throw stoppedError(printer, job);
    return false;
  }

  async function withdraw(jobId: number): Promise<boolean> {
    try {
      return succeeded(await ask(operation.cancelJob, [attribute('job-id', 'integer', jobId), user]));
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  async function follow(jobId: number): Promise<void> {
    const deadline = performance.now() + jobTimeoutMs;
    try {
      while (!(await isCompleted(jobId))) {
        if (performance.now() > deadline)
          throw new AppError('printer.document-unconfirmed', { reason: 'job takes too long' });
        await sleep(pollEveryMs);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // The job is over already; there is nothing left to withdraw.
      if (error.code === 'printer.job-refused' || error.code === 'printer.document-canceled') throw error;
      // A job left in a stopped printer would come out when paper is loaded, beside its second print.
      if (await withdraw(jobId)) throw error;
      throw new AppError('printer.document-unconfirmed', { ...error.details, jobId }, { cause: error });
    }
  }

  return {
    async print(pdf, { title }) {
      const printer = await nothingPrintedYet(look());
      if (findNumber(printer, 'printer-state') === printerState.stopped) throw stoppedError(printer);
      if (findBoolean(printer, 'printer-is-accepting-jobs') === false)
        throw new AppError('printer.job-refused', { reason: 'not accepting jobs' });
      if (!stringsOf(printer, 'document-format-supported').includes('application/pdf'))
        throw new AppError('printer.job-refused', { reason: 'no application/pdf' });
      const jobId = await submit(pdf, title);
      await follow(jobId);
      return { jobId: String(jobId), printer: stringsOf(printer, 'printer-name')[0] ?? url.host };
    },
  };
}

const user = attribute('requesting-user-name', 'name', 'okno');

const succeeded = (answer: IppMessage) => answer.code < 0x0100;

const statusNames = new Map<number, string>(Object.entries(status).map(([name, code]) => [code, name]));

const refused = (answer: IppMessage) =>
  new AppError('printer.job-refused', {
    reason: statusNames.get(answer.code) ?? `status 0x${answer.code.toString(16).padStart(4, '0')}`,
  });

/** A question that was sent and not answered prints nothing: the printer is simply not there. */
async function nothingPrintedYet<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'printer.document-unconfirmed') throw error;
    throw new AppError('printer.document-offline', error.details, { cause: error });
  }
}

function httpUrl(printerUri: string): URL {
  const match = /^(?:ipp|http):\/\/(.+)$/.exec(printerUri);
  if (!match) throw new AppError('setup.bad-configuration', { what: `printer address ${printerUri}` });
  const url = new URL(`http://${match[1]}`);
  // 631 is the port of ipp: addresses, RFC 3510 section 4.2.
  if (printerUri.startsWith('ipp:') && url.port === '') url.port = '631';
  return url;
}

/** Names are at most 255 bytes (RFC 8011 section 5.1.3); half a letter must not remain. */
function shortened(title: string): string {
  let text = title;
  while (Buffer.byteLength(text) > 255) text = [...text].slice(0, -1).join('');
  return text;
}
