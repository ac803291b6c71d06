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
} from '../../../device/peripherals/printers/ipp-message.ts';
import { isOver, type PrinterFault, type PrinterJob, stopReason } from './job.ts';

export interface PrinterModel {
  url: string;
  startedAt: number;
  jobs: PrinterJob[];
  fault: PrinterFault | undefined;
}

const charset = attribute('attributes-charset', 'charset', 'utf-8');
const language = attribute('attributes-natural-language', 'naturalLanguage', 'ru');

type Question = Pick<IppMessage, 'requestId' | 'version'>;

export function answer(to: Question, code: number, groups: IppGroup[] = []): IppMessage {
  return {
    // RFC 8011 section 4.1.8: the version that was asked in, or the nearest that is spoken.
    version: to.version.major === 2 ? { major: 2, minor: 0 } : { major: 1, minor: 1 },
    code,
    requestId: to.requestId,
    groups: [{ tag: groupTag.operation, attributes: [charset, language] }, ...groups],
    data: new Uint8Array(),
  };
}

/** The answer to a request; undefined when the printer stays silent. */
export function answerTo(request: IppMessage, printer: PrinterModel): IppMessage | undefined {
  const say = (code: number, groups: IppGroup[] = []) => answer(request, code, groups);
  const wrong = malformed(request);
  if (wrong !== undefined) return say(wrong);
  const asked = findGroup(request, 'operation');
  switch (request.code) {
    case operation.getPrinterAttributes:
      return say(status.ok, [group('printer', wanted(printerAttributes(printer), asked))]);
    case operation.validateJob:
    case operation.printJob: {
      const refusal = whyNot(request, printer);
      if (refusal !== undefined) return say(refusal);
      if (request.code === operation.validateJob) return say(status.ok);
      const job = take(request, printer);
      if (printer.fault === 'deaf-to-jobs') return undefined;
      return say(status.ok, [group('job', jobAttributes(job, printer))]);
    }
    case operation.getJobs: {
      const listed = listJobs(asked, printer);
      return say(
        status.ok,
        // RFC 8011 section 4.2.6.1: a list is asked for its job-id and job-uri unless it says more.
        listed.map(job => group('job', wanted(jobAttributes(job, printer), asked, ['job-id', 'job-uri']))),
      );
    }
    case operation.getJobAttributes:
    case operation.cancelJob: {
      const job = findJob(asked, printer);
      if (!job) return say(status.notFound);
      if (request.code === operation.getJobAttributes)
        return say(status.ok, [group('job', wanted(jobAttributes(job, printer), asked))]);
      if (isOver(job)) return say(status.notPossible);
      Object.assign(job, {
        state: jobState.canceled,
        reasons: ['job-canceled-by-user'],
        completedAt: Date.now(),
      });
      return say(status.ok);
    }
    default:
      return say(status.operationNotSupported);
  }
}

/** RFC 8011 section 4.1: what every request must have, in this order. */
function malformed(request: IppMessage): number | undefined {
  if (request.version.major !== 1 && request.version.major !== 2) return status.versionNotSupported;
  if (request.requestId < 1) return status.badRequest;
  const [first, ...others] = request.groups;
  if (first?.tag !== groupTag.operation) return status.badRequest;
  if (others.some(other => other.tag === groupTag.operation)) return status.badRequest;
  const [one, two] = first.attributes;
  if (one?.name !== 'attributes-charset' || two?.name !== 'attributes-natural-language')
    return status.badRequest;
  if (!stringsOf(first, 'attributes-charset').includes('utf-8')) return status.charsetNotSupported;
  const hasTarget = ['printer-uri', 'job-uri'].some(name => stringsOf(first, name).length === 1);
  return hasTarget ? undefined : status.badRequest;
}

function whyNot(request: IppMessage, printer: PrinterModel): number | undefined {
  if (printer.fault === 'refuses') return status.notAcceptingJobs;
  const format = stringsOf(findGroup(request, 'operation'), 'document-format')[0];
  if (format !== undefined && format !== 'application/pdf') return status.formatNotSupported;
  if (request.code === operation.validateJob) return undefined;
  return Buffer.from(request.data.subarray(0, 5)).toString('latin1') === '%PDF-'
    ? undefined
    : status.documentFormatError;
}

function take(request: IppMessage, printer: PrinterModel): PrinterJob {
  const asked = findGroup(request, 'operation');
  const job: PrinterJob = {
    id: printer.jobs.length + 1,
    name: stringsOf(asked, 'job-name')[0] ?? 'Untitled',
    user: stringsOf(asked, 'requesting-user-name')[0] ?? 'anonymous',
    state: jobState.pending,
    reasons: ['none'],
    createdAt: Date.now(),
    document: Uint8Array.from(request.data),
  };
  printer.jobs.push(job);
  return job;
}

/** RFC 8011 section 4.2.6.1: which jobs, whose, and at most how many. */
function listJobs(asked: IppGroup | undefined, printer: PrinterModel): PrinterJob[] {
  const completed = stringsOf(asked, 'which-jobs').includes('completed');
  const mine = findBoolean(asked, 'my-jobs') ? stringsOf(asked, 'requesting-user-name')[0] : undefined;
  return printer.jobs
    .filter(job => isOver(job) === completed && (mine === undefined || job.user === mine))
    .slice(0, findNumber(asked, 'limit'));
}

function findJob(asked: IppGroup | undefined, printer: PrinterModel): PrinterJob | undefined {
  const uri = stringsOf(asked, 'job-uri')[0];
  const id = uri ? Number(uri.slice(uri.lastIndexOf('/') + 1)) : findNumber(asked, 'job-id');
  return printer.jobs.find(job => job.id === id);
}

const group = (kind: keyof typeof groupTag, attributes: IppAttribute[]): IppGroup => ({
  tag: groupTag[kind],
  attributes,
});

/** RFC 8011 section 4.2.5.1: `requested-attributes` picks, by name or by group. */
function wanted(
  attributes: IppAttribute[],
  asked: IppGroup | undefined,
  byDefault: string[] = ['all'],
): IppAttribute[] {
  const requested = stringsOf(asked, 'requested-attributes');
  const names = new Set(requested.length > 0 ? requested : byDefault);
  const groups = ['all', 'printer-description', 'job-description', 'job-template'];
  if (groups.some(name => names.has(name))) return attributes;
  return attributes.filter(({ name }) => names.has(name));
}

/** Out-of-band value of an attribute that has none yet, RFC 8010 section 3.5.2. */
const noValue = 0x13;

const upTime = (printer: PrinterModel, at: number) => Math.floor((at - printer.startedAt) / 1000) + 1;

function jobAttributes(job: PrinterJob, printer: PrinterModel): IppAttribute[] {
  const timeAt = (name: string, at: number | undefined): IppAttribute =>
    at === undefined
      ? { name, values: [{ tag: noValue, value: null }] }
      : attribute(name, 'integer', upTime(printer, at));
  return [
    attribute('job-uri', 'uri', `${printer.url}/${job.id}`),
    attribute('job-id', 'integer', job.id),
    attribute('job-state', 'enum', job.state),
    attribute('job-state-reasons', 'keyword', ...job.reasons),
    attribute('job-name', 'name', job.name),
    attribute('job-originating-user-name', 'name', job.user),
    attribute('job-printer-uri', 'uri', printer.url),
    attribute('job-printer-up-time', 'integer', upTime(printer, Date.now())),
    attribute('time-at-creation', 'integer', upTime(printer, job.createdAt)),
    timeAt('time-at-processing', job.processingAt),
    timeAt('time-at-completed', job.completedAt),
  ];
}

function printerAttributes(printer: PrinterModel): IppAttribute[] {
  const waiting = printer.jobs.filter(job => !isOver(job)).length;
  const reason = stopReason(printer.fault, waiting > 0);
  const state = reason ? printerState.stopped : waiting ? printerState.processing : printerState.idle;
  return [
    attribute('charset-configured', 'charset', 'utf-8'),
    attribute('charset-supported', 'charset', 'utf-8'),
    attribute('compression-supported', 'keyword', 'none'),
    attribute('document-format-default', 'mimeMediaType', 'application/pdf'),
    attribute('document-format-supported', 'mimeMediaType', 'application/pdf'),
    attribute('generated-natural-language-supported', 'naturalLanguage', 'ru'),
    attribute('ipp-versions-supported', 'keyword', '1.1', '2.0'),
    attribute('media-default', 'keyword', 'iso_a4_210x297mm'),
    attribute('media-supported', 'keyword', 'iso_a4_210x297mm'),
    attribute('natural-language-configured', 'naturalLanguage', 'ru'),
    attribute('operations-supported', 'enum', ...Object.values(operation)),
    attribute('pdl-override-supported', 'keyword', 'not-attempted'),
    attribute('printer-info', 'text', 'Учебный принтер А4'),
    attribute('printer-is-accepting-jobs', 'boolean', printer.fault !== 'refuses'),
    attribute('printer-make-and-model', 'text', 'Okno A4 simulator'),
    attribute('printer-name', 'name', 'okno-a4'),
    attribute('printer-state', 'enum', state),
    attribute('printer-state-reasons', 'keyword', reason ?? 'none'),
    attribute('printer-up-time', 'integer', upTime(printer, Date.now())),
    attribute('printer-uri-supported', 'uri', printer.url),
    attribute('queued-job-count', 'integer', waiting),
    attribute('uri-authentication-supported', 'keyword', 'none'),
    attribute('uri-security-supported', 'keyword', 'none'),
  ];
}
