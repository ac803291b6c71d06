import { jobState } from '../../../device/peripherals/printers/ipp-message.ts';

/** What is wrong with the printer, one word in the file `fault` of its folder. */
export type PrinterFault =
  | 'paper-empty' // stops in the middle of a job until the fault is gone
  | 'paper-ends' // has paper until it begins a job
  | 'cover-open'
  | 'jam'
  | 'toner-empty'
  | 'tray-full'
  | 'holds' // keeps a job until somebody types a code at its panel
  | 'cancels' // somebody presses «cancel» at its panel
  | 'refuses' // takes no jobs
  | 'aborts' // takes a job and gives it up
  | 'silent' // reads requests and never answers
  | 'deaf-to-jobs'; // answers questions, never answers a Print-Job that it has taken

export interface PrinterJob {
  id: number;
  name: string;
  user: string;
  state: number;
  reasons: string[];
  /** Milliseconds since 1970. */
  createdAt: number;
  processingAt?: number;
  completedAt?: number;
  document: Uint8Array;
}

const stopping: Partial<Record<PrinterFault, string>> = {
  'paper-empty': 'media-empty-error',
  'paper-ends': 'media-empty-error',
  'cover-open': 'cover-open-error',
  jam: 'media-jam-error',
  'toner-empty': 'marker-supply-empty-error',
  'tray-full': 'output-area-full-error',
};

/** The reason why the printer stands still, as a keyword of RFC 8011 section 5.4.12. */
export function stopReason(fault: PrinterFault | undefined, busy: boolean): string | undefined {
  if (fault === undefined || (fault === 'paper-ends' && !busy)) return undefined;
  return stopping[fault];
}

export const isOver = (job: PrinterJob) => job.state >= jobState.canceled;

/** The next state of the job that is at the head of the queue (RFC 8011 section 5.3.7). */
export function advanced(
  job: PrinterJob,
  fault: PrinterFault | undefined,
): Pick<PrinterJob, 'state' | 'reasons'> {
  if (isOver(job)) return job;
  if (fault === 'holds') return { state: jobState.held, reasons: ['job-hold-until-specified'] };
  if (fault === 'cancels') return { state: jobState.canceled, reasons: ['job-canceled-at-device'] };
  if (job.state === jobState.pending || job.state === jobState.held)
    return { state: jobState.processing, reasons: ['job-printing'] };
  if (fault === 'aborts') return { state: jobState.aborted, reasons: ['aborted-by-system'] };
  if (stopReason(fault, true)) return { state: jobState.stopped, reasons: ['printer-stopped'] };
  if (job.state === jobState.stopped) return { state: jobState.processing, reasons: ['job-printing'] };
  return { state: jobState.completed, reasons: ['job-completed-successfully'] };
}
